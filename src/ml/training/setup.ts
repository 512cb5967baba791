/** What a run is trained with: batches, a trainer at its start, and a judge. */
import { availableParallelism } from 'node:os';
import type { Recipe } from '../../domain/recipe.ts';
import { mirrorPermutation } from '../../domain/schema.ts';
import { type BatchSource, stepsPerEpoch } from '../augment/batches.ts';
import { BatchPool } from '../augment/pool.ts';
import type { Engine, LossConfig, Parameters, Trainer } from '../engine/engine.ts';
import { initialParameters } from '../network/initialise.ts';
import type { RunConfig } from './config.ts';
import type { Dataset } from './dataset.ts';
import { Judge } from './judge.ts';
import type { Split } from './split.ts';
import { meanShape, targetsOf } from './targets.ts';

/** What is to be trained. */
export interface Task {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly engine: Engine;
  readonly config: RunConfig;
}

export interface Setup {
  readonly source: BatchSource;
  readonly perEpoch: number;
  /** To be closed, as the trainer is to be disposed of. */
  readonly pool: BatchPool;
  readonly trainer: Trainer;
  readonly judge: Judge;
}

/**
 * @param step the first that will be done
 * @param start the parameters to begin with; drawn from the seed where there are none
 */
export async function setUp(task: Task, step: number, start?: Parameters): Promise<Setup> {
  const { dataset, split, engine, config } = task;
  const { recipe, seed, spec } = config;
  const { input, schema } = dataset;
  const outputs = 2 * schema.keypoints.length;
  const threads = config.threads ?? availableParallelism();
  const source: BatchSource = {
    input,
    permutation: mirrorPermutation(schema),
    augmentation: recipe.augmentation,
    normalisation: recipe.normalisation,
    pictures: dataset.pictures.source,
    points: dataset.points,
    imageIds: dataset.imageIds,
    images: split.training,
    batchSize: recipe.batchSize,
    seed,
  };
  const perEpoch = stepsPerEpoch(source);
  const pool = new BatchPool(source, step); // Its threads start while the engine does.
  try {
    const trainer = await engine.createTrainer(
      {
        spec,
        input,
        outputs,
        batchSize: recipe.batchSize,
        optimizer: recipe.optimizer,
        loss: lossInTargets(recipe.loss, input.width),
        threads,
        seed,
      },
      start ?? drawnParameters(config, dataset, split.training),
    );
    const judge = new Judge(engine, dataset, split, { spec, threads, normalisation: recipe.normalisation });
    return { source, perEpoch, pool, trainer, judge };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** Where a run that starts from no other begins: at weights drawn from its seed and the mean shape of its training images. */
export function drawnParameters(
  { spec, seed }: Pick<RunConfig, 'spec' | 'seed'>,
  { points, schema, input }: Pick<Dataset, 'points' | 'schema' | 'input'>,
  training: ArrayLike<number>,
): Parameters {
  const keypoints = schema.keypoints.length;
  const bias = targetsOf(meanShape(points, training, keypoints, input), input);
  return initialParameters(spec, input, 2 * keypoints, seed, bias);
}

/** Lengths are stated in pixels; targets are in half widths. */
function lossInTargets(loss: Recipe['loss'], width: number): LossConfig {
  const inTargets = (pixels: number) => pixels / (width / 2);
  if (loss.kind === 'huber') return { ...loss, delta: inTargets(loss.delta) };
  if (loss.kind === 'mse') return loss;
  return { ...loss, width: inTargets(loss.width), curvature: inTargets(loss.curvature) };
}
