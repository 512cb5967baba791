/** One network of a run, kept ready to be looked into. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isPlaced } from '../domain/label.ts';
import { InputProblem } from '../domain/problem.ts';
import { normalise } from '../ml/augment/normalise.ts';
import type { Parameters, Predictor, PredictorConfig } from '../ml/engine/engine.ts';
import { loadOnnxEngine } from '../ml/engine/onnx/engine.ts';
import { createObserver, type Observer } from '../ml/engine/onnx/observer.ts';
import { INPUT, locate, type Location } from '../ml/inspection/locate.ts';
import type { InputPicture, NetworkAt } from '../ml/inspection/messages.ts';
import { shapeNetwork } from '../ml/network/shapes.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import {
  bestCheckpoint,
  type BestEpoch,
  keptCheckpoint,
  startCheckpoint,
  withPrefix,
} from '../ml/training/checkpoints.ts';
import { fitOf, fitPixels, networkInput, pointsToInput } from '../ml/training/fit.ts';
import { drawnParameters } from '../ml/training/setup.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readSplitOfRun } from './run-split.ts';

/** An image at the network's input. */
export interface InspectedImage {
  readonly picture: InputPicture;
  /** [1, 1, height, width] */
  readonly normalised: Float32Array;
  /** [keypoints, 2] in its pixels, NaN where there is no label. */
  readonly labels: Float32Array;
}

/** Faces whose values are kept: the one at hand and those before it. */
const mostFaces = 3;

export class InspectedNetwork {
  readonly at: NetworkAt;
  readonly parameters: Parameters;
  /** What names these parameters among the run's: `start`, `epoch-12`. */
  readonly name: string;
  readonly #config: PredictorConfig;
  readonly #layers;
  readonly #faces = new Map<number, ReadonlyMap<string, Float32Array>>();
  #observer: Promise<Observer> | undefined;
  #predictor: Promise<Predictor> | undefined;

  /** @throws InputProblem when the run has no such parameters, or they cannot be read */
  constructor(workspace: Workspace, at: NetworkAt) {
    const outputs = 2 * workspace.schema.keypoints.length;
    const { spec } = at.config;
    const { name, parameters } = readParameters(workspace, at);
    this.at = at;
    this.name = name;
    this.parameters = parameters;
    this.#layers = shapeNetwork(spec, networkInput, outputs).layers;
    this.#config = { spec, input: networkInput, outputs, parameters, threads: availableParallelism() };
  }

  /** @throws InputProblem when the network has no such layer */
  locate(layer: string): Location {
    const found = locate(this.#layers, layer);
    if (found) return found;
    throw new InputProblem('The network has no such layer.', { found: layer });
  }

  imageOf({ images, labels }: Workspace, imageId: number): InspectedImage {
    const image = images.get(imageId);
    if (!image) throw new InputProblem(`There is no image ${imageId}.`);
    const pixels = fitPixels({ ...image, pixels: images.pixels(imageId) }, networkInput);
    const normalised = Float32Array.from(pixels);
    normalise(normalised, this.at.config.recipe.normalisation);
    const places = labels.of(imageId).flatMap((label) => (isPlaced(label) ? [label.x, label.y] : [NaN, NaN]));
    const points = pointsToInput(Float32Array.from(places), fitOf(image, networkInput));
    return { picture: { ...networkInput, pixels }, normalised, labels: points };
  }

  /** What every layer comes to on an image, by name; the picture itself as `input`. */
  async valuesOf(imageId: number, image: InspectedImage): Promise<ReadonlyMap<string, Float32Array>> {
    const known = this.#faces.get(imageId);
    if (known) return known;
    this.#observer ??= createObserver(this.#config, 'values');
    const values = new Map(await (await this.#observer).observe(image.normalised));
    values.set(INPUT, image.normalised);
    this.#faces.set(imageId, values);
    if (this.#faces.size > mostFaces) this.#faces.delete(this.#faces.keys().next().value!);
    return values;
  }

  /** In use, as fast as it is. */
  predictor(): Promise<Predictor> {
    return (this.#predictor ??= loadOnnxEngine().then((engine) => engine.createPredictor(this.#config)));
  }

  /** Dispose of it. */
  peaks(): Promise<Observer> {
    return createObserver(this.#config, 'peaks');
  }

  async dispose(): Promise<void> {
    await (await this.#observer)?.dispose();
    await (await this.#predictor)?.dispose();
  }
}

/** What says whether a network is still the one that was read: a run that trains has new best parameters now and then. */
export function versionOf({ runDirectory, at }: NetworkAt): string {
  return at === 'best' ? `best ${bestVersion(runDirectory)}` : String(at);
}

/** When the run's best parameters were written, in milliseconds; undefined where there are none. */
export function bestVersion(runDirectory: string): number | undefined {
  return statSync(join(runDirectory, bestCheckpoint), { throwIfNoEntry: false })?.mtimeMs;
}

function readParameters(workspace: Workspace, at: NetworkAt): { name: string; parameters: Parameters } {
  const { runDirectory, config } = at;
  if (at.at === 'best') {
    const { meta, tensors } = readCheckpoint<BestEpoch>(join(runDirectory, bestCheckpoint));
    return { name: `epoch-${meta.epoch}`, parameters: tensors };
  }
  if (at.at !== 'start') {
    const { tensors } = readCheckpoint(keptCheckpoint(runDirectory, at.at));
    return { name: `epoch-${at.at}`, parameters: withPrefix(tensors, 'parameters/') };
  }
  const parameters = config.start
    ? readCheckpoint(join(runDirectory, startCheckpoint)).tensors
    : drawnAgain(workspace, at);
  return { name: 'start', parameters };
}

/** The parameters that the run was started with: they follow from its seed and its training images. */
function drawnAgain({ schema, images, snapshots }: Workspace, { runDirectory, config }: NetworkAt) {
  const { imageIds, training } = readSplitOfRun(runDirectory);
  const outputs = 2 * schema.keypoints.length;
  const points = snapshots.points(config.snapshot, imageIds);
  imageIds.forEach((imageId, row) => {
    const own = points.subarray(row * outputs, (row + 1) * outputs);
    own.set(pointsToInput(own, fitOf(images.get(imageId)!, networkInput)));
  });
  return drawnParameters(config, { points, schema, input: networkInput }, training);
}
