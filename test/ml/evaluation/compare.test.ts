import { expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { compareRuns } from '../../../src/ml/evaluation/compare.ts';

const images = 120;
const keypoints = 3;
const random = randomStream(3);
/** The last keypoint is nowhere asked for. */
const truth = Float32Array.from({ length: images * 6 }, (_, i) => (i % 6 >= 4 ? NaN : 50));
/** What makes an image hard is hard for every run. */
const hardness = Float32Array.from({ length: images }, () => 4 * random.normal());
const groups = Int32Array.from({ length: images }, (_, i) => Math.floor(i / 2));
const off = (more: number) => truth.map((_, i) => 50 + Math.abs(hardness[Math.floor(i / 6)]!) + 1 + more);
const first = off(0);

test('the difference is that of the pooled errors, all together and by keypoint', () => {
  const { rmse, perKeypoint, changes } = compareRuns(truth, [first, off(0.5)], groups, keypoints);
  expect(changes[0]!.overall.difference).toBeCloseTo(rmse[1]! - rmse[0]!, 6);
  const [nose] = perKeypoint;
  expect(changes[0]!.perKeypoint[0]!.difference).toBeCloseTo(nose![1]! - nose![0]!, 6);
});

test('a small change is sure where both runs find the same images hard', () => {
  const { low, high } = compareRuns(truth, [first, off(0.5)], groups, keypoints).changes[0]!.overall;
  expect(low).toBeGreaterThan(0.3);
  expect(high - low).toBeLessThan(0.2);
});

test('noise that helps as often as it hurts is no sure change', () => {
  const noisy = first.map((value, i) => value + (Math.floor(i / 12) % 2 === 0 ? 0.3 : -0.3));
  const { low, high } = compareRuns(truth, [first, noisy], groups, keypoints).changes[0]!.overall;
  expect(low).toBeLessThan(0);
  expect(high).toBeGreaterThan(0);
});

test('a run against itself has not changed at all', () => {
  const { changes } = compareRuns(truth, [first, first], groups, keypoints);
  expect(changes[0]!.overall).toEqual({ difference: 0, low: 0, high: 0 });
});

test('a keypoint that no image has is compared with nothing', () => {
  const { perKeypoint, changes } = compareRuns(truth, [first, off(1)], groups, keypoints);
  expect([perKeypoint[2], changes[0]!.perKeypoint[2]]).toEqual([null, null]);
});
