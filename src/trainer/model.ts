/** Finished networks in use: the best checkpoints of one run, or of several whose places are averaged, on pictures of any size. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Points } from '../domain/points.ts';
import { type KeypointSchema, mirrorPermutation } from '../domain/schema.ts';
import type { EngineName } from '../ml/engine/engine.ts';
import { loadPredictingEngine } from '../ml/engine/engines.ts';
import { meanOf, predictPasses, predictPoints, spreadOf } from '../ml/evaluation/predict.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import { bestCheckpoint } from '../ml/training/checkpoints.ts';
import { fitOf, fitPixels, networkInput, pointsToPicture } from '../ml/training/fit.ts';
import type { Picture, RunModel } from '../ml/training/messages.ts';
import { type Pictures, picturesInMemory } from '../ml/training/pictures.ts';

/** Where a run's network, or an ensemble's, places keypoints. Dispose of it. */
export interface Model {
  readonly engine: { readonly name: EngineName; readonly version: string };
  /** Whether every member averages with the mirror image. */
  readonly mirrored: boolean;
  /** @param images positions of the pictures wanted; @returns [images, keypoints, 2] in pixels of the network's input */
  placeInInput(pictures: Pictures, images: Int32Array): Promise<Points>;
  /** @returns [keypoints, 2] for each picture, in that picture's own pixels */
  place(pictures: Iterable<Picture>): Promise<Points[]>;
  /** The same, with how far apart members and mirrored passes are about each keypoint: [keypoints], likewise. */
  placeWithSpread(pictures: Iterable<Picture>): Promise<{ points: Points; spread: Float32Array }[]>;
  dispose(): Promise<void>;
}

/** @throws InputProblem when a run has no readable checkpoint. */
export async function loadModel(runs: readonly RunModel[], schema: KeypointSchema): Promise<Model> {
  const input = networkInput;
  const size = input.width * input.height;
  const outputs = 2 * schema.keypoints.length;
  const members = await Promise.all(runs.map((run) => loadMember(run, schema)));

  const placeInInput = async (pictures: Pictures, images: Int32Array) => {
    const mean = new Float32Array(images.length * outputs);
    for (const { predictor, settings } of members) {
      const points = await predictPoints(predictor, pictures, images, settings);
      for (let i = 0; i < mean.length; i++) mean[i]! += points[i]! / members.length;
    }
    return mean;
  };
  const fitted = (pictures: readonly Picture[]) => {
    const pixels = new Uint8Array(pictures.length * size);
    pictures.forEach((picture, i) => {
      pixels.set(fitPixels(picture, input), i * size);
    });
    return [picturesInMemory(pixels, size), Int32Array.from(pictures.keys())] as const;
  };
  return {
    engine: members[0]!.engine,
    mirrored: members.every(({ settings }) => settings.mirror),
    placeInInput,
    async place(pictures) {
      const placed: Points[] = [];
      for (const few of chunksOf(pictures, 128)) {
        const points = await placeInInput(...fitted(few));
        few.forEach((picture, i) => {
          const own = points.subarray(i * outputs, (i + 1) * outputs);
          placed.push(pointsToPicture(own, fitOf(picture, input)));
        });
      }
      return placed;
    },
    async placeWithSpread(pictures) {
      const placed: { points: Points; spread: Float32Array }[] = [];
      for (const few of chunksOf(pictures, 128)) {
        const [inInput, images] = fitted(few);
        const ofMembers: Points[] = [];
        const passes: Points[] = [];
        for (const { predictor, settings } of members) {
          const own = await predictPasses(predictor, inInput, images, { ...settings, mirror: true });
          passes.push(...own);
          ofMembers.push(settings.mirror ? meanOf(own) : own[0]!);
        }
        const [points, spread] = [meanOf(ofMembers), spreadOf(passes)];
        few.forEach((picture, i) => {
          const own = points.subarray(i * outputs, (i + 1) * outputs);
          const ownSpread = spread.subarray((i * outputs) / 2, ((i + 1) * outputs) / 2);
          const fit = fitOf(picture, input);
          placed.push({
            points: pointsToPicture(own, fit),
            spread: ownSpread.map((pixels) => pixels / fit.scale),
          });
        });
      }
      return placed;
    },
    async dispose() {
      await Promise.all(members.map(({ predictor }) => predictor.dispose()));
    },
  };
}

async function loadMember({ config, runDirectory }: RunModel, schema: KeypointSchema) {
  const { recipe, spec } = config;
  const engine = await loadPredictingEngine(config.engine);
  const predictor = await engine.createPredictor({
    spec,
    input: networkInput,
    outputs: 2 * schema.keypoints.length,
    parameters: readCheckpoint(join(runDirectory, bestCheckpoint)).tensors,
    threads: config.threads ?? availableParallelism(),
  });
  const settings = {
    input: networkInput,
    mirror: recipe.mirrorAtTest,
    normalisation: recipe.normalisation,
    permutation: mirrorPermutation(schema),
  };
  return { engine, predictor, settings };
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
