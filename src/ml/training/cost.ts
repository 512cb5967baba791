/** What a training will take, found out by doing all of its parts for a few seconds. */
import { join } from 'node:path';
import type { Parameters } from '../engine/engine.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { lastCheckpoint } from './checkpoints.ts';
import { gradientNorm } from './gradient-norm.ts';
import type { PlacingTime } from './judge.ts';
import { setUp, type Task } from './setup.ts';

/** Times in seconds. */
export interface Cost {
  /** Before the first step. */
  readonly setUp: number;
  readonly perStep: number;
  readonly stepsPerEpoch: number;
  /** Validation and checkpoints. */
  readonly perEpochEnd: number;
  /** Of the finished network. */
  readonly placing: PlacingTime;
  /** Of a checkpoint to go on from, and of the parameters alone. */
  readonly bytes: { readonly checkpoint: number; readonly parameters: number };
}

/** Steps that plan memory and warm caches up. */
const warmUp = 3;

/** @param directory a folder for checkpoints that nobody needs */
export async function measureCost(task: Task, seconds: number, directory: string): Promise<Cost> {
  const since = (began: number) => (performance.now() - began) / 1000;
  let began = performance.now();
  const { perEpoch, pool, trainer, judge } = await setUp(task, 0);
  for (let step = 0; step < warmUp; step++) await trainer.step(await pool.next(), 0);
  const setUpSeconds = since(began);

  began = performance.now();
  let steps = 0;
  for (; steps === 0 || since(began) < seconds; steps++) await trainer.step(await pool.next(), 0);
  const perStep = since(began) / steps;

  await judge.judge(trainer.state().parameters); // The first time takes longer than the others will.
  began = performance.now();
  const before = trainer.state();
  const { parameters, slots } = trainer.state();
  const { took: placing } = await judge.judge(parameters);
  gradientNorm(task.config.recipe.optimizer, before, { parameters, slots });
  const named = [...parameters, ...Array.from(slots, ([name, tensor]) => [`slots/${name}`, tensor] as const)];
  writeCheckpoint(join(directory, lastCheckpoint), { meta: {}, tensors: new Map(named) });
  const perEpochEnd = since(began);
  await pool.close();
  await trainer.dispose();
  const sizeOfAll = (tensors: Parameters) =>
    [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  return {
    setUp: setUpSeconds,
    perStep,
    stepsPerEpoch: perEpoch,
    perEpochEnd,
    placing,
    bytes: {
      checkpoint: sizeOfAll(parameters) + sizeOfAll(slots),
      parameters: sizeOfAll(parameters),
    },
  };
}
