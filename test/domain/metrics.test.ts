import { describe, expect, test } from 'vitest';
import {
  bootstrapRmse,
  cumulativeErrors,
  distances,
  failureRate,
  pooledRmse,
  rmsePerKeypoint,
} from '../../src/domain/metrics.ts';

// Two images of two keypoints; the second keypoint of the first image was not asked for.
const truth = Float32Array.of(10, 10, NaN, NaN, 20, 20, 30, 30);
const predicted = Float32Array.of(13, 14, 99, 99, 20, 20, 30, 36);

test('RMSE pools every coordinate asked for and no other', () => {
  expect(pooledRmse(predicted, truth)).toBeCloseTo(Math.sqrt((9 + 16 + 0 + 0 + 0 + 36) / 6), 6);
});

test('RMSE of nothing asked for is NaN, not zero', () => {
  expect(pooledRmse(Float32Array.of(1, 2), Float32Array.of(NaN, NaN))).toBeNaN();
});

test('RMSE of one keypoint pools its own coordinates', () => {
  const [first, second] = rmsePerKeypoint(predicted, truth, 2);
  expect(first).toBeCloseTo(2.5, 6);
  expect(second).toBeCloseTo(Math.sqrt(18), 6);
});

test('a distance is measured for each keypoint asked for', () => {
  expect(distances(predicted, truth)).toEqual([5, 0, 6]);
});

test('the failure rate counts distances beyond the limit', () => {
  expect(failureRate([5, 0, 6], 5)).toBeCloseTo(1 / 3);
});

test('the cumulative error curve counts distances up to each limit', () => {
  expect(cumulativeErrors([5, 0, 6, 1], [0, 1, 5, 6])).toEqual([0.25, 0.5, 0.75, 1]);
});

describe('the bootstrap interval', () => {
  const errors = Array.from({ length: 200 }, (_, image) => (image % 10) + 1);
  const zeros = new Float32Array(400);
  const off = Float32Array.from(zeros, (_, i) => errors[i >> 1]!);

  test('holds the RMSE itself', () => {
    const { low, high } = bootstrapRmse(
      off,
      zeros,
      errors.map((_, image) => image),
    );
    expect(low).toBeLessThan(pooledRmse(off, zeros));
    expect(high).toBeGreaterThan(pooledRmse(off, zeros));
  });

  test('is wider when one person makes each error than when many do', () => {
    const width = (groups: number[]) => {
      const { low, high } = bootstrapRmse(off, zeros, groups);
      return high - low;
    };
    expect(width(errors)).toBeGreaterThan(2 * width(errors.map((_, image) => image)));
  });

  test('is the same for the same seed', () => {
    expect(bootstrapRmse(off, zeros, errors, { seed: 7 })).toEqual(
      bootstrapRmse(off, zeros, errors, { seed: 7 }),
    );
  });
});
