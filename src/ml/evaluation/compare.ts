/** Runs compared on the same images: by how much one is better than another, and how sure that is. Pixels throughout. */
import { pooledRmse, rmsePerKeypoint } from '../../domain/metrics.ts';
import type { Points } from '../../domain/points.ts';
import { randomStream } from '../../domain/random.ts';

/** RMSE of a run less that of the first one (negative: better), with its 95 % bootstrap interval. */
interface Change {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface Comparison {
  /** Pooled RMSE of each run. */
  readonly rmse: readonly number[];
  /** [keypoints][runs]; null for a keypoint that no image has. */
  readonly perKeypoint: readonly (readonly number[] | null)[];
  /** Of every run but the first against the first. */
  readonly changes: readonly {
    readonly overall: Change;
    /** Null for a keypoint that no image has. */
    readonly perKeypoint: readonly (Change | null)[];
  }[];
}

/** Names the random stream. */
const PAIRED = 0x9a12;

/**
 * Both runs of a pair are drawn on the same images, so what makes an image hard for both drops out of their difference;
 * whole groups (people) are drawn, because the errors of one person's pictures are not independent.
 * @param truth [images, keypoints, 2], NaN where nothing is asked
 * @param predictions of each run, in the same order
 * @param groups the group of each image
 */
export function compareRuns(
  truth: Points,
  predictions: readonly Points[],
  groups: ArrayLike<number>,
  keypoints: number,
  { rounds = 1000, seed = 1 } = {},
): Comparison {
  const errors = errorsByGroup(truth, predictions, groups, keypoints);
  const samples = resample(errors, rounds, seed);
  const rmse = predictions.map((predicted) => pooledRmse(predicted, truth));
  const ofRuns = predictions.map((predicted) => rmsePerKeypoint(predicted, truth, keypoints));
  const isAsked = (k: number) => !Number.isNaN(ofRuns[0]![k]!);
  const change = (run: number, of: 'all' | number): Change => {
    const value = (values: readonly number[]) => values[run]! - values[0]!;
    const drawn = samples
      .map((sample) => value(of === 'all' ? sample.overall : sample.perKeypoint.map((each) => each[of]!)))
      .filter((difference) => !Number.isNaN(difference))
      .sort((a, b) => a - b);
    const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))]!;
    const difference = value(of === 'all' ? rmse : ofRuns.map((each) => each[of]!));
    return { difference, low: at(0.025), high: at(0.975) };
  };
  const indices = Array.from({ length: keypoints }, (_, k) => k);
  return {
    rmse,
    perKeypoint: indices.map((k) => (isAsked(k) ? ofRuns.map((each) => each[k]!) : null)),
    changes: predictions.slice(1).map((_, i) => ({
      overall: change(i + 1, 'all'),
      perKeypoint: indices.map((k) => (isAsked(k) ? change(i + 1, k) : null)),
    })),
  };
}

/** Squared errors and how many there are, summed over the images of each group. */
interface GroupErrors {
  /** [runs][keypoints] */
  readonly squares: readonly Float64Array[];
  readonly counts: Float64Array;
}

function errorsByGroup(
  truth: Points,
  predictions: readonly Points[],
  groups: ArrayLike<number>,
  keypoints: number,
): GroupErrors[] {
  const totals = new Map<number, GroupErrors>();
  for (let i = 0; i < truth.length; i++) {
    if (Number.isNaN(truth[i]!)) continue;
    const group = groups[Math.floor(i / (2 * keypoints))]!;
    const k = (i >> 1) % keypoints;
    const total = totals.get(group) ?? {
      squares: predictions.map(() => new Float64Array(keypoints)),
      counts: new Float64Array(keypoints),
    };
    totals.set(group, total);
    total.counts[k]!++;
    predictions.forEach((predicted, run) => {
      total.squares[run]![k]! += (predicted[i]! - truth[i]!) ** 2;
    });
  }
  return [...totals.values()];
}

interface Sample {
  /** [runs] */
  readonly overall: number[];
  /** [runs][keypoints] */
  readonly perKeypoint: number[][];
}

function resample(groups: readonly GroupErrors[], rounds: number, seed: number): Sample[] {
  const random = randomStream(seed, PAIRED);
  const runs = groups[0]?.squares.length ?? 0;
  const keypoints = groups[0]?.counts.length ?? 0;
  return Array.from({ length: rounds }, () => {
    const squares = Array.from({ length: runs }, () => new Float64Array(keypoints));
    const counts = new Float64Array(keypoints);
    for (let draw = 0; draw < groups.length; draw++) {
      const group = groups[random.integer(groups.length)]!;
      for (let k = 0; k < keypoints; k++) {
        counts[k]! += group.counts[k]!;
        for (let run = 0; run < runs; run++) squares[run]![k]! += group.squares[run]![k]!;
      }
    }
    const all = sum(counts);
    return {
      overall: squares.map((own) => Math.sqrt(sum(own) / all)),
      perKeypoint: squares.map((own) => Array.from(own, (value, k) => Math.sqrt(value / counts[k]!))),
    };
  });
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
