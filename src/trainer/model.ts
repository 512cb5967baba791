/** A finished network in use: the best checkpoint of a run on pictures of any size. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Points } from '../domain/points.ts';
import { type KeypointSchema, mirrorPermutation } from '../domain/schema.ts';
import type { Engine } from '../ml/engine/engine.ts';
import { predictPoints } from '../ml/evaluation/predict.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import type { RunConfig } from '../ml/training/config.ts';
import { fitOf, fitPixels, networkInput, pointsToPicture } from '../ml/training/fit.ts';
import type { Picture } from '../ml/training/messages.ts';
import { bestCheckpoint } from '../ml/training/checkpoints.ts';

/** Where a run's network places keypoints. Dispose of it. */
export interface Model {
  /** @param pixels [pictures, 96, 96] of the network's input; @returns [images, keypoints, 2] in its pixels */
  placeInInput(pixels: Uint8Array, images: Int32Array): Promise<Points>;
  /** @returns [keypoints, 2] for each picture, in that picture's own pixels */
  place(pictures: Iterable<Picture>): Promise<Points[]>;
  dispose(): Promise<void>;
}

/** @throws InputProblem when the run has no readable checkpoint. */
export async function loadModel(
  engine: Engine,
  schema: KeypointSchema,
  { config, runDirectory, mirror }: { config: RunConfig; runDirectory: string; mirror: boolean },
): Promise<Model> {
  const input = networkInput;
  const size = input.width * input.height;
  const outputs = 2 * schema.keypoints.length;
  const settings = {
    input,
    mirror,
    normalisation: config.recipe.normalisation,
    permutation: mirrorPermutation(schema),
  };
  const predictor = await engine.createPredictor({
    spec: config.spec,
    input,
    outputs,
    parameters: readCheckpoint(join(runDirectory, bestCheckpoint)).tensors,
    threads: config.threads ?? availableParallelism(),
  });
  return {
    placeInInput: (pixels, images) => predictPoints(predictor, pixels, images, settings),
    async place(pictures) {
      const placed: Points[] = [];
      for (const few of chunksOf(pictures, 128)) {
        const pixels = new Uint8Array(few.length * size);
        few.forEach((picture, i) => {
          pixels.set(fitPixels(picture, input), i * size);
        });
        const points = await predictPoints(predictor, pixels, Int32Array.from(few.keys()), settings);
        few.forEach((picture, i) => {
          const own = points.subarray(i * outputs, (i + 1) * outputs);
          placed.push(pointsToPicture(own, fitOf(picture, input)));
        });
      }
      return placed;
    },
    dispose: () => predictor.dispose(),
  };
}

/** So that pictures are in memory only a few at a time. */
function* chunksOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
