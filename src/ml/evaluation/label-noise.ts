/**
 * How far apart people place the same point: a floor that no model can be expected to get below. Two frames of one
 * scene have labels of their own; once one frame is moved onto the other, what is left between them is the labels' own
 * scatter. Errors that both frames share do not show, so the floor is rather too low than too high.
 */
import { bootstrapRmse, pooledRmse } from '../../domain/metrics.ts';
import { movePoints } from '../augment/affine.ts';
import { blur } from '../augment/light.ts';
import type { Dataset } from '../training/dataset.ts';
import { pointsOfImages } from '../training/dataset.ts';
import { align } from './align.ts';
import { comparableRmse, findSuspects, type Trial, withoutSuspects } from './evaluation.ts';

export interface LabelNoise {
  /** Standard deviation of one coordinate of one label in pixels, weighted as an evaluation's `rmse`. */
  readonly rmse: number;
  /** 95 % bootstrap interval, resampling groups of near duplicates. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Pairs of pictures that it is estimated from. */
  readonly pairs: number;
  /** Pairs left out because a label of them is plainly wrong. */
  readonly setAside: number;
}

/** Pictures that correlate less once they lie on each other show something else: another expression, another person. */
const leastCorrelation = 0.98;
const fewestPairs = 10;
const mostPairs = 1000;

/** @returns null where there are too few near duplicates to tell */
export function labelNoise(dataset: Dataset): LabelNoise | null {
  const { together, schema, input } = dataset;
  const outputs = 2 * schema.keypoints.length;
  const unpermuted = schema.keypoints.map((_, k) => k);
  const step = Math.max(1, together.length / mostPairs);
  const pairs = Array.from(
    { length: Math.floor(together.length / step) },
    (_, i) => together[Math.floor(i * step)]!,
  );
  const kept: { first: number; second: number; moved: Float32Array }[] = [];
  for (const [first, second] of pairs) {
    const { affine, correlation } = align(smooth(dataset, first), smooth(dataset, second), input);
    if (correlation < leastCorrelation) continue;
    const moved = new Float32Array(outputs);
    movePoints(dataset.points.subarray(first * outputs), affine, unpermuted, input, moved);
    kept.push({ first, second, moved });
  }

  const images = Int32Array.from(kept, ({ second }) => second);
  const truth = pointsOfImages(dataset, images);
  // The difference of two labels varies twice as much as one of them.
  const predicted = truth.map((place, i) => {
    const other = kept[Math.floor(i / outputs)]!.moved[i % outputs]!;
    return place + (other - place) / Math.SQRT2;
  });
  const both = truth.map((place, i) => (Number.isNaN(predicted[i]!) ? NaN : place));
  const trial: Trial = { images, predicted, truth: both };
  const suspects = findSuspects(trial);
  const fair = withoutSuspects(trial, suspects);
  if (fair.images.length < fewestPairs) return null;
  const aside = new Set(suspects.map(({ row }) => row));
  const groups = kept.filter((_, row) => !aside.has(row)).map(({ first }) => first);
  const rmse = comparableRmse(dataset, fair);
  const { low, high } = bootstrapRmse(fair.predicted, fair.truth, groups);
  const weighted = rmse / pooledRmse(fair.predicted, fair.truth);
  return {
    rmse,
    interval: { low: low * weighted, high: high * weighted },
    pairs: fair.images.length,
    setAside: suspects.length,
  };
}

/** The picture blurred by about 1.4 pixels. */
function smooth({ pictures, input }: Dataset, image: number): Float32Array {
  const picture = Float32Array.from(pictures.read(image));
  for (let pass = 0; pass < 3; pass++) blur(picture, 0.8, input);
  return picture;
}
