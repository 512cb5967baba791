/** What is asked of the networks of runs, answered from a few that are kept ready. */
import { InputProblem } from '../domain/problem.ts';
import { arithmeticOf, shapeBehind } from '../ml/inspection/arithmetic.ts';
import type { Location } from '../ml/inspection/locate.ts';
import type {
  Answers,
  CellAnswer,
  FaceAnswer,
  NetworkAt,
  PlaceQuestion,
  Question,
  StrongestAnswer,
  StrongestImage,
  WeightsAnswer,
} from '../ml/inspection/messages.ts';
import { occlude } from '../ml/inspection/occlusion.ts';
import { type Cell, receptiveField } from '../ml/inspection/receptive-field.ts';
import { isMap, type MapShape, sizeOf } from '../ml/network/placed.ts';
import { networkInput } from '../ml/training/fit.ts';
import { pointsOf } from '../ml/training/targets.ts';
import { Workspace } from '../workspace/workspace.ts';
import { findExcitement, knownExcitement } from './excitement.ts';
import { bestVersion, InspectedNetwork, versionOf } from './inspected-network.ts';
import { loadModel, type Model, type Placement } from './model.ts';

/** Two side by side, and the one that a person looked at before. */
const mostNetworks = 3;

export interface Listener {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export class Inspector {
  readonly #networks = new Map<string, InspectedNetwork>();
  /** How many questions are under way. */
  readonly #asked = new WeakMap<InspectedNetwork, number>();
  /** The one that placed keypoints last. */
  #model: { readonly key: string; readonly model: Model } | undefined;
  #placing: Promise<unknown> = Promise.resolve();
  #workspace: Workspace | undefined;

  /** @throws InputProblem when there is no such network, layer, channel or image */
  async answer(question: Question, listener: Listener): Promise<Answers[Question['ask']]> {
    if (question.ask === 'place') return this.#placeInTurn(question);
    const workspace = this.#open(question.network.workspace);
    const network = this.#ready(workspace, question.network);
    this.#asked.set(network, (this.#asked.get(network) ?? 0) + 1);
    try {
      return await answerOf(workspace, network, question, listener);
    } finally {
      this.#asked.set(network, this.#asked.get(network)! - 1);
      await this.#forgetOldest();
    }
  }

  /** A model is not given up for another while it is in use. */
  #placeInTurn(question: PlaceQuestion): Promise<readonly Placement[]> {
    const placed = this.#placing.then(() => this.#place(question));
    this.#placing = placed.catch(() => undefined);
    return placed;
  }

  async #place({ workspace, models, pictures }: PlaceQuestion): Promise<readonly Placement[]> {
    const { schema } = this.#open(workspace);
    const key = models.map(({ runDirectory }) => `${runDirectory} ${bestVersion(runDirectory)}`).join();
    if (this.#model?.key !== key) {
      await this.#model?.model.dispose();
      this.#model = undefined;
      this.#model = { key, model: await loadModel(models, schema) };
    }
    return this.#model.model.place(pictures);
  }

  #open(directory: string): Workspace {
    if (this.#workspace?.directory === directory) return this.#workspace;
    this.#workspace?.close();
    return (this.#workspace = Workspace.openReadOnly(directory));
  }

  #ready(workspace: Workspace, at: NetworkAt): InspectedNetwork {
    const key = `${at.runDirectory} ${versionOf(at)}`;
    const network = this.#networks.get(key) ?? new InspectedNetwork(workspace, at);
    // The last asked is the last to go.
    this.#networks.delete(key);
    this.#networks.set(key, network);
    return network;
  }

  /** As long as something is asked of a network it stays. */
  async #forgetOldest(): Promise<void> {
    for (const [key, network] of this.#networks) {
      if (this.#networks.size <= mostNetworks) return;
      if (this.#asked.get(network)) continue;
      this.#networks.delete(key);
      await network.dispose();
    }
  }
}

/** What is asked of one network. */
async function answerOf(
  workspace: Workspace,
  network: InspectedNetwork,
  question: Exclude<Question, PlaceQuestion>,
  { signal, onProgress }: Listener,
): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'face':
      return faceOf(workspace, network, question.imageId, question.layer);
    case 'cell':
      return cellOf(workspace, network, question.imageId, question.layer, question.cell);
    case 'weights':
      return weightsOf(network, question.layer, question.from, question.count);
    case 'occlusion': {
      const { normalised, labels } = network.imageOf(workspace, question.imageId);
      return occlude(await network.predictor(), normalised, networkInput, labels, question);
    }
    case 'excite':
      if (!knownExcitement(workspace, network)) await findExcitement(workspace, network, onProgress, signal);
      return { images: workspace.images.count() };
    case 'strongest':
      return strongestOf(workspace, network, question.layer, question.channel);
  }
}

async function faceOf(
  workspace: Workspace,
  network: InspectedNetwork,
  imageId: number,
  layer: string,
): Promise<FaceAnswer> {
  const { output } = network.locate(layer).layer;
  const image = network.imageOf(workspace, imageId);
  const values = await network.valuesOf(imageId, image);
  return {
    picture: image.picture,
    labels: image.labels,
    points: pointsOf(values.get('output')!, networkInput),
    shape: output,
    values: values.get(layer)!,
  };
}

async function cellOf(
  workspace: Workspace,
  network: InspectedNetwork,
  imageId: number,
  layer: string,
  cell: Cell,
): Promise<CellAnswer> {
  const location = network.locate(layer);
  const at = placeOf(location, cell);
  const values = await network.valuesOf(imageId, network.imageOf(workspace, imageId));
  return {
    value: values.get(layer)![at]!,
    field: receptiveField(location, cell) ?? null,
    arithmetic: arithmeticOf(location, cell, values, network.parameters),
  };
}

function weightsOf(network: InspectedNetwork, name: string, from: number, count: number): WeightsAnswer {
  const { layer, before } = network.locate(name);
  if (layer.type !== 'conv' && layer.type !== 'dense')
    throw new InputProblem('This layer has no weights.', { found: name, expected: 'conv or dense' });
  const { data } = network.parameters.get(layer.weight.name)!;
  const channels = layer.output[0];
  const last = Math.min(channels, from + count);
  if (layer.type === 'conv') {
    const shape = layer.weight.shape.slice(1) as unknown as MapShape;
    return { channels, shape, values: data.slice(from * sizeOf(shape), last * sizeOf(shape)) };
  }
  const shape = shapeBehind(before, layer.input[0]);
  const values = new Float32Array(Math.max(0, last - from) * sizeOf(shape));
  for (let unit = from; unit < last; unit++)
    for (let i = 0; i < sizeOf(shape); i++)
      values[(unit - from) * sizeOf(shape) + i] = data[i * channels + unit]!;
  return { channels, shape, values };
}

async function strongestOf(
  workspace: Workspace,
  network: InspectedNetwork,
  layer: string,
  channel: number,
): Promise<StrongestAnswer> {
  const known = knownExcitement(workspace, network);
  if (!known) return null;
  const location = network.locate(layer);
  const found: StrongestImage[] = [];
  for (const { imageId, value } of known[layer]?.[channel] ?? []) {
    const image = network.imageOf(workspace, imageId);
    const values = (await network.valuesOf(imageId, image)).get(layer)!;
    const cell = strongestCell(location, channel, values);
    found.push({
      imageId,
      value,
      picture: image.picture,
      field: receptiveField(location, cell) ?? null,
    });
  }
  return found;
}

function strongestCell({ layer }: Location, channel: number, values: Float32Array): Cell {
  if (!isMap(layer.output)) return { channel, row: 0, column: 0 };
  const [, height, width] = layer.output;
  const own = values.subarray(channel * height * width, (channel + 1) * height * width);
  const at = own.indexOf(Math.max(...own));
  return { channel, row: Math.floor(at / width), column: at % width };
}

/** @throws InputProblem when the layer has no such cell */
function placeOf({ layer }: Location, { channel, row, column }: Cell): number {
  const [channels, height, width] = isMap(layer.output) ? layer.output : [layer.output[0], 1, 1];
  if (channel < channels && row < height && column < width) return (channel * height + row) * width + column;
  throw new InputProblem('The layer has no such value.', {
    found: [channel, row, column].join(', '),
    expected: `channels, rows and columns below ${layer.output.join(' x ')}`,
  });
}
