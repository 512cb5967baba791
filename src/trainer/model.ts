/** Finished networks in use: the best checkpoints of one run, or of several whose places are averaged, on pictures of any size. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Points } from '../domain/points.ts';
import type { Recipe } from '../domain/recipe.ts';
import { type KeypointSchema, mirrorPermutation } from '../domain/schema.ts';
import type { EngineName } from '../ml/engine/engine.ts';
import { loadPredictingEngine } from '../ml/engine/engines.ts';
import { meanOf, passesOf, predictPasses, spreadOf } from '../ml/evaluation/predict.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import { bestCheckpoint } from '../ml/training/checkpoints.ts';
import { fitOf, fitPixels, networkInput, pointsToPicture } from '../ml/training/fit.ts';
import type { Picture, RunModel } from '../ml/training/messages.ts';
import { type Pictures, picturesInMemory } from '../ml/training/pictures.ts';
import { viewsAtTest } from '../ml/training/recipe.ts';

/** Places and how sure they are. */
export interface Placement {
  /** [keypoints, 2] of each picture. */
  readonly points: Points;
  /** [keypoints] of each picture: how far apart members and mirrored passes are, in the same pixels. */
  readonly spread: Float32Array;
}

/** How often each member looks at each picture: mirrored, too, whether or not that is averaged, because how far passes are apart tells how sure a place is. */
export const passesAtTest = (recipe: Recipe): number => passesOf({ ...viewsAtTest(recipe), mirror: true });

/** Where a run's network, or an ensemble's, places keypoints. Dispose of it. */
export interface Model {
  readonly engine: { readonly name: EngineName; readonly version: string };
  /** Whether every member averages with the mirror image. */
  readonly mirrored: boolean;
  /** @param images positions of the pictures wanted; @returns all of them one behind the other, in pixels of the network's input */
  placeInInput(pictures: Pictures, images: Int32Array): Promise<Placement>;
  /** @returns one for each picture, in that picture's own pixels */
  place(pictures: Iterable<Picture>): Promise<Placement[]>;
  dispose(): Promise<void>;
}

/** @throws InputProblem when a run has no readable checkpoint. */
export async function loadModel(runs: readonly RunModel[], schema: KeypointSchema): Promise<Model> {
  const input = networkInput;
  const size = input.width * input.height;
  const outputs = 2 * schema.keypoints.length;
  const members = await Promise.all(runs.map((run) => loadMember(run, schema)));

  const placeInInput = async (pictures: Pictures, images: Int32Array): Promise<Placement> => {
    const ofMembers: Points[] = [];
    const passes: Points[] = [];
    for (const { predictor, settings } of members) {
      const own = await predictPasses(predictor, pictures, images, { ...settings, mirror: true });
      passes.push(...own);
      ofMembers.push(meanOf(settings.mirror ? own : own.filter((_, pass) => pass % 2 === 0)));
    }
    return { points: meanOf(ofMembers), spread: spreadOf(passes) };
  };
  return {
    engine: members[0]!.engine,
    mirrored: members.every(({ settings }) => settings.mirror),
    placeInInput,
    async place(pictures) {
      const placed: Placement[] = [];
      for (const few of chunksOf(pictures, 128)) {
        const pixels = new Uint8Array(few.length * size);
        few.forEach((picture, i) => {
          pixels.set(fitPixels(picture, input), i * size);
        });
        const inInput = picturesInMemory(pixels, size);
        const { points, spread } = await placeInInput(inInput, Int32Array.from(few.keys()));
        few.forEach((picture, i) => {
          const fit = fitOf(picture, input);
          const [from, to] = [(i * outputs) / 2, ((i + 1) * outputs) / 2];
          placed.push({
            points: pointsToPicture(points.subarray(2 * from, 2 * to), fit),
            spread: spread.subarray(from, to).map((pixels) => pixels / fit.scale),
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
    ...viewsAtTest(recipe),
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
