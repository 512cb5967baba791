/** Errors of predicted keypoints, in pixels. Values whose truth is NaN were not asked for and count nowhere. */
import type { Points } from './points.ts';
import { randomStream } from './random.ts';

/** Root mean squared error pooled over every coordinate asked for, as the competition scores it. NaN when none is. */
export function pooledRmse(predicted: Points, truth: Points): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    const error = predicted[i]! - truth[i]!;
    if (Number.isNaN(truth[i]!)) continue;
    sum += error * error;
    count++;
  }
  return Math.sqrt(sum / count);
}

/** Pooled RMSE of each keypoint. NaN for a keypoint that is nowhere asked for. */
export function rmsePerKeypoint(predicted: Points, truth: Points, keypoints: number): number[] {
  const sums = new Float64Array(keypoints);
  const counts = new Float64Array(keypoints);
  for (let i = 0; i < truth.length; i++) {
    if (Number.isNaN(truth[i]!)) continue;
    const k = (i >> 1) % keypoints;
    sums[k]! += (predicted[i]! - truth[i]!) ** 2;
    counts[k]!++;
  }
  return Array.from(sums, (sum, k) => Math.sqrt(sum / counts[k]!));
}

/** Distance in pixels from truth to prediction, one for each keypoint asked for, in no particular order. */
export function distances(predicted: Points, truth: Points): number[] {
  const result: number[] = [];
  for (let i = 0; i < truth.length; i += 2)
    if (!Number.isNaN(truth[i]!))
      result.push(Math.hypot(predicted[i]! - truth[i]!, predicted[i + 1]! - truth[i + 1]!));
  return result;
}

/** Share of keypoints further off than `limit` pixels. */
export function failureRate(distances: readonly number[], limit: number): number {
  return distances.filter((distance) => distance > limit).length / distances.length;
}

/** Cumulative error curve: for each limit in pixels the share of keypoints at most that far off. */
export function cumulativeErrors(distances: readonly number[], limits: readonly number[]): number[] {
  return limits.map((limit) => 1 - failureRate(distances, limit));
}

/**
 * 95 % percentile bootstrap interval of the pooled RMSE, resampling whole groups (people), because the
 * errors of one person's pictures are not independent. Efron & Tibshirani (1993), chapter 13.
 * @param groups the group of each image; [images]
 */
export function bootstrapRmse(
  predicted: Points,
  truth: Points,
  groups: ArrayLike<number>,
  { rounds = 1000, seed = 1 } = {},
): { low: number; high: number } {
  const perImage = truth.length / groups.length;
  const byGroup = new Map<number, { sum: number; count: number }>();
  for (let image = 0; image < groups.length; image++) {
    const total = byGroup.get(groups[image]!) ?? { sum: 0, count: 0 };
    byGroup.set(groups[image]!, total);
    for (let i = image * perImage; i < (image + 1) * perImage; i++) {
      if (Number.isNaN(truth[i]!)) continue;
      total.sum += (predicted[i]! - truth[i]!) ** 2;
      total.count++;
    }
  }
  const totals = [...byGroup.values()];
  const random = randomStream(seed, 0xb007);
  const scores = Array.from({ length: rounds }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < totals.length; draw++) {
      const total = totals[random.integer(totals.length)]!;
      sum += total.sum;
      count += total.count;
    }
    return Math.sqrt(sum / count);
  })
    .filter((score) => !Number.isNaN(score))
    .sort((a, b) => a - b);
  const at = (share: number) => scores[Math.min(scores.length - 1, Math.floor(share * scores.length))] ?? NaN;
  return { low: at(0.025), high: at(0.975) };
}
