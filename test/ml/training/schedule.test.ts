import { expect, test } from 'vitest';
import type { Schedule } from '../../../src/domain/recipe.ts';
import { learningRate } from '../../../src/ml/training/schedule.ts';

test('a constant rate stays', () => {
  expect(learningRate({ kind: 'constant', rate: 0.1 }, 0.7)).toBe(0.1);
});

test('steps multiply the rate from their share of the run on', () => {
  const schedule = { kind: 'step', rate: 1, factor: 0.1, at: [0.5, 0.75] } satisfies Schedule;
  expect([0, 0.49, 0.5, 0.8].map((progress) => learningRate(schedule, progress))).toEqual([
    1,
    1,
    0.1,
    0.1 ** 2,
  ]);
});

test('cosine warms up in a straight line and falls to its floor', () => {
  const schedule = { kind: 'cosine', rate: 2, warmUp: 0.2, floor: 0.1 } as const;
  expect(learningRate(schedule, 0.1)).toBeCloseTo(1);
  expect(learningRate(schedule, 0.2)).toBeCloseTo(2);
  expect(learningRate(schedule, 0.6)).toBeCloseTo(1.1);
  expect(learningRate(schedule, 1)).toBeCloseTo(0.2);
});
