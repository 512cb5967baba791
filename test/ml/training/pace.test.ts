import { expect, test } from 'vitest';
import { fixedPace, progressOf, refit } from '../../../src/ml/training/pace.ts';

test('each step stands for the middle of its share of the schedule', () => {
  expect([0, 1, 2, 3].map((step) => progressOf(fixedPace(4), step))).toEqual([0.125, 0.375, 0.625, 0.875]);
});

test('refitting leaves the progress where it is and brings it to 1 at the new end', () => {
  const slower = refit(fixedPace(100), 50, 20);
  expect(slower.totalSteps).toBe(70);
  expect(progressOf(slower, 49.5)).toBeCloseTo(0.5);
  expect(progressOf(slower, 69.5)).toBeCloseTo(1);
});

test('refitting with no time left leaves one step, so that the schedule still ends', () => {
  expect(refit(fixedPace(100), 50, -3).totalSteps).toBe(51);
});
