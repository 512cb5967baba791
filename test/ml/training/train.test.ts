import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/ml/engine/engine.ts';
import { loadEngine } from '../../../src/ml/engine/engines.ts';
import { readCheckpoint } from '../../../src/ml/training/checkpoint.ts';
import type { RunConfig } from '../../../src/ml/training/config.ts';
import { readCurves } from '../../../src/ml/training/curves.ts';
import type { CurvePoint } from '../../../src/ml/training/messages.ts';
import {
  bestCheckpoint,
  type BestEpoch,
  epochsToKeep,
  goBackTo,
  keptEpochs,
  lastCheckpoint,
} from '../../../src/ml/training/checkpoints.ts';
import { train, type TrainOptions } from '../../../src/ml/training/train.ts';
import { spots, spotsConfig } from './spots.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('onnx');
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fiducial-train-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const weights = () => readCheckpoint(join(folder, lastCheckpoint)).tensors;
const curves = () => readCurves(join(folder, 'curves.jsonl'));

/** An empty folder, for another run. */
function startAnew() {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

/** Trains in `folder`, from its checkpoint if it has one; `stopAfter` aborts once that many steps are done. */
function run(
  { config = spotsConfig, stopAfter = Infinity }: { config?: RunConfig; stopAfter?: number } = {},
  changes: Partial<TrainOptions> = {},
) {
  const stop = new AbortController();
  const began = performance.now();
  let steps = 0;
  return train({
    ...spots(),
    engine,
    config,
    directory: folder,
    signal: stop.signal,
    held: () => undefined,
    onProgress: () => {
      if (++steps === stopAfter) stop.abort();
    },
    onEpoch: () => undefined,
    elapsed: () => (performance.now() - began) / 1000,
    imagesAfterwards: 0,
    ...changes,
  });
}

describe('a whole run', () => {
  test('goes through its epochs and learns', async () => {
    const config = { ...spotsConfig, recipe: { ...spotsConfig.recipe, epochs: 40 } };
    const outcome = await run({ config });
    expect(outcome).toMatchObject({ status: 'finished', step: 160, epochs: 40 });
    expect(outcome.best!.rmse).toBeLessThan(0.8 * curves()[0]!.validationRmse);
  });

  test('writes a line of its curves each epoch and tells it', async () => {
    const told: CurvePoint[] = [];
    await run({}, { onEpoch: (point) => told.push(point) });
    expect(curves()).toEqual(told);
    expect(told.map(({ epoch, step }) => [epoch, step])).toEqual(
      [1, 2, 3, 4, 5, 6].map((epoch) => [epoch, 4 * epoch]),
    );
  });

  test('keeps the epoch with the lowest validation RMSE', async () => {
    const { best } = await run();
    const lowest = Math.min(...curves().map(({ validationRmse }) => validationRmse));
    expect(best!.rmse).toBe(lowest);
    expect(readCheckpoint<BestEpoch>(join(folder, bestCheckpoint)).meta).toEqual(best);
  });

  test('starts from the mean shape of the training images', async () => {
    await run({ stopAfter: 1 });
    const { dataset, split } = spots();
    const xs = Array.from(split.training, (image) => dataset.points[4 * image]!);
    const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
    // One step of Adam with the first rate of the warm-up changes it by a thousandth at most.
    expect(weights().get('parameters/output.bias')!.data[0]).toBeCloseTo((mean - 5.5) / 6, 2);
  });

  test('is the same again with the same seed, and another with another', async () => {
    await run();
    const first = weights();
    startAnew();
    await run();
    expect(weights()).toEqual(first);
    startAnew();
    await run({ config: { ...spotsConfig, seed: 4 } });
    expect(weights()).not.toEqual(first);
  });
});

describe('a run that was stopped', () => {
  // The second step of the second epoch; the last of the third.
  test.each([6, 12])('after step %i ends with the weights of an unbroken one', async (stopAfter) => {
    await run();
    const [unbroken, unbrokenCurves] = [weights(), curves()];
    startAnew();
    expect(await run({ stopAfter })).toMatchObject({ status: 'stopped', step: stopAfter });
    expect(await run()).toMatchObject({ status: 'finished', step: 24 });
    expect(weights()).toEqual(unbroken);
    const known = ({ epoch, trainLoss, validationRmse }: CurvePoint) => ({
      epoch,
      trainLoss,
      validationRmse,
    });
    expect(curves().map(known)).toEqual(unbrokenCurves.map(known));
  });

  test('counts the seconds of both parts', async () => {
    await run({ stopAfter: 6 }, { elapsed: () => 100 });
    expect((await run({}, { elapsed: () => 10 })).seconds).toBe(110);
  });

  test('and is finished already changes nothing when resumed', async () => {
    await run();
    const bytes = readFileSync(join(folder, lastCheckpoint));
    expect(await run()).toMatchObject({ status: 'finished', step: 24 });
    expect(readFileSync(join(folder, lastCheckpoint))).toEqual(bytes);
  });
});

describe('kept epochs', () => {
  test('are five at most, evenly spread', () => {
    expect(epochsToKeep(1)).toEqual([1]);
    expect(epochsToKeep(5)).toEqual([1, 2, 3, 4, 5]);
    expect(epochsToKeep(6)).toEqual([2, 4, 6]);
    expect(epochsToKeep(60)).toEqual([16, 32, 48]);
    for (let epoch = 1; epoch < 500; epoch++) expect(epochsToKeep(epoch).length).toBeLessThanOrEqual(5);
  });

  test('are in the folder, and nothing else of earlier epochs is', async () => {
    await run();
    expect(keptEpochs(folder).map(({ epoch }) => epoch)).toEqual([2, 4, 6]);
  });

  test.each([2, 4])('%i is gone back to, and the run goes on from there as it did before', async (epoch) => {
    await run();
    const [first, firstCurves] = [weights(), curves()];
    goBackTo(folder, epoch);
    expect(curves()).toHaveLength(epoch);
    expect(keptEpochs(folder).at(-1)!.epoch).toBe(epoch);
    expect(readCheckpoint<BestEpoch>(join(folder, bestCheckpoint)).meta.epoch).toBeLessThanOrEqual(epoch);
    expect(await run()).toMatchObject({ status: 'finished', step: 24 });
    expect(weights()).toEqual(first);
    expect(curves().map(({ validationRmse }) => validationRmse)).toEqual(
      firstCurves.map(({ validationRmse }) => validationRmse),
    );
  });

  test('that are not kept cannot be gone back to', async () => {
    await run();
    expect(() => goBackTo(folder, 3)).toThrow(
      'There is no checkpoint of this epoch. (found 3; expected 2, 4, 6)',
    );
    expect(curves()).toHaveLength(6);
  });
});

test('a point of the curves tells both errors, the learning rate and the length of the gradient', async () => {
  await run();
  for (const { trainRmse, validationRmse, learningRate, gradientNorm } of curves())
    for (const value of [trainRmse, validationRmse, learningRate, gradientNorm])
      expect(value).toBeGreaterThan(0);
});

test('training that is held waits with a checkpoint, and goes on to the weights of an unbroken run', async () => {
  await run();
  const unbroken = weights();
  startAnew();
  let steps = 0;
  const held = () => {
    if (++steps !== 7) return undefined;
    return Promise.resolve().then(() => {
      expect(readCheckpoint<{ step: number }>(join(folder, lastCheckpoint)).meta.step).toBe(6);
    });
  };
  expect(await run({}, { held })).toMatchObject({ status: 'finished', step: 24 });
  expect(weights()).toEqual(unbroken);
});

test('early stopping ends a run that no longer gets better', async () => {
  const recipe = { ...spotsConfig.recipe, epochs: 50, patience: 2 };
  const still = { ...recipe, schedule: { kind: 'constant', rate: 1e-12 } } as const;
  const { epochs, best } = await run({
    config: { ...spotsConfig, recipe: still },
  });
  expect(epochs).toBeLessThan(50);
  expect(epochs - best!.epoch).toBe(2);
});

test('a run that diverges fails with the reason and leaves its last good checkpoint', async () => {
  const recipe = {
    ...spotsConfig.recipe,
    loss: { kind: 'mse' },
    optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
    schedule: { kind: 'constant', rate: 1e30 },
  } as const;
  await expect(run({ config: { ...spotsConfig, recipe } })).rejects.toThrow(/diverged/);
  expect(existsSync(join(folder, lastCheckpoint))).toBe(true);
  for (const { data } of weights().values()) expect(data.every(Number.isFinite)).toBe(true);
});

describe('a time limit', () => {
  test('is kept, and the schedule runs to its end within it', async () => {
    const began = performance.now();
    const { epochs } = await run({ config: { ...spotsConfig, timeLimit: 5 } });
    expect(performance.now() - began).toBeLessThan(5500);
    expect(epochs).toBeGreaterThan(6);
    expect(curves().at(-1)!.learningRate).toBeLessThan(1e-4);
  });

  test('that is too short still gives a network', async () => {
    const { step, best } = await run({ config: { ...spotsConfig, timeLimit: 0.001 } });
    expect(step).toBe(1);
    expect(best).not.toBeNull();
  });
});
