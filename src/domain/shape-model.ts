/**
 * How the keypoints of an image lie to one another: a normal distribution of all their coordinates. Given the points
 * that are placed, it says where the others are and how far off that may be; given a point's others, how strange its
 * own place is. shape-fit.ts makes it from labels.
 *
 * Coordinates are shares of the picture's width and height, (pixel + 0.5) / size, so that pictures of any size agree
 * and the mirror image of a share is 1 - share. The functions here take and give pixels.
 */
import { cholesky, inverse } from './linear.ts';

export interface ShapeModel {
  /** Of how many images. */
  readonly images: number;
  /** [keypoints]: in how many of them each is placed. Of one that is in none, nothing can be said. */
  readonly placed: ArrayLike<number>;
  /** [2 x keypoints], x before y. */
  readonly mean: ArrayLike<number>;
  /** [2 x keypoints, 2 x keypoints] */
  readonly covariance: ArrayLike<number>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a keypoint should be. */
export interface Guess {
  readonly x: number;
  readonly y: number;
  /** RMSE of its coordinates, in pixels. */
  readonly expectedError: number;
}

/** How far a keypoint is from where the others predict it. */
export interface Strangeness {
  readonly pixels: number;
  /** The same in standard deviations of that prediction (Mahalanobis distance): beyond 4 is one in 3,000. */
  readonly deviations: number;
}

/** A place with more deviations is probably wrong. */
export const tooStrange = 6;

/**
 * Where the keypoints that are not placed should be, given those that are.
 * @param points [keypoints, 2] in pixels, NaN where there is no place
 * @returns for each keypoint; null for one that is placed, and for one that the model has never seen
 */
export function predictFromPlaced(
  model: ShapeModel,
  points: ArrayLike<number>,
  size: Size,
): (Guess | null)[] {
  const pattern = patternOf(model, points);
  const off = deviationsOf(model, pattern, points, size);
  return Array.from(model.placed, (seen, k) => {
    if (seen === 0 || isPlaced(points, k)) return null;
    const [x, y] = [expected(model, pattern, off, 2 * k), expected(model, pattern, off, 2 * k + 1)];
    const [varianceX, varianceY] = [pattern.variances[2 * k]!, pattern.variances[2 * k + 1]!];
    return {
      x: x * size.width - 0.5,
      y: y * size.height - 0.5,
      expectedError: Math.sqrt((varianceX * size.width ** 2 + varianceY * size.height ** 2) / 2),
    };
  });
}

/**
 * How strange each place is, given all the others.
 * @param points [keypoints, 2] in pixels, NaN where there is no place
 * @returns for each keypoint; null for one that is not placed, or alone, or that the model has never seen
 */
export function strangeness(
  model: ShapeModel,
  points: ArrayLike<number>,
  size: Size,
): (Strangeness | null)[] {
  const strange = new Array<Strangeness | null>(model.placed.length).fill(null);
  eachStrange(model, points, size, (keypoint, pixels, deviations) => {
    strange[keypoint] = { pixels, deviations };
  });
  return strange;
}

/** The keypoint that is strangest to the others; null where nothing can be said. @param only the one that is asked about */
export function strangest(
  model: ShapeModel,
  points: ArrayLike<number>,
  size: Size,
  only?: number,
): (Strangeness & { readonly keypoint: number }) | null {
  let found: (Strangeness & { keypoint: number }) | null = null;
  let most = -1;
  eachStrange(model, points, size, (keypoint, pixels, deviations) => {
    if (deviations <= most || (only ?? keypoint) !== keypoint) return;
    most = deviations;
    found = { keypoint, pixels, deviations };
  });
  return found;
}

/** Of the keypoint that is strangest; 0 where nothing can be said. */
export function strangestDeviation(model: ShapeModel, points: ArrayLike<number>, size: Size): number {
  let most = 0;
  eachStrange(model, points, size, (_keypoint, _pixels, deviations) => {
    if (deviations > most) most = deviations;
  });
  return most;
}

/** Deviations alone. @param into [keypoints]; 0 where nothing can be said */
export function writeDeviations(
  model: ShapeModel,
  points: ArrayLike<number>,
  size: Size,
  into: Float32Array,
): void {
  into.fill(0);
  eachStrange(model, points, size, (keypoint, _pixels, deviations) => {
    into[keypoint] = deviations;
  });
}

function eachStrange(
  model: ShapeModel,
  points: ArrayLike<number>,
  size: Size,
  visit: (keypoint: number, pixels: number, deviations: number) => void,
): void {
  const pattern = patternOf(model, points);
  const { observed, precision } = pattern;
  const n = observed.length;
  if (n <= 2) return;
  const off = deviationsOf(model, pattern, points, size);
  for (let i = 0; i < n; i += 2) {
    // The prediction from the others is off by inverse(P) p, with covariance inverse(P), where P is the keypoint's
    // block of the precision and p its part of precision x deviations.
    let px = 0;
    let py = 0;
    for (let j = 0; j < n; j++) {
      px += precision[i * n + j]! * off[j]!;
      py += precision[(i + 1) * n + j]! * off[j]!;
    }
    const a = precision[i * n + i]!;
    const b = precision[i * n + i + 1]!;
    const d = precision[(i + 1) * n + i + 1]!;
    const determinant = a * d - b * b;
    const x = (d * px - b * py) / determinant;
    const y = (a * py - b * px) / determinant;
    visit(observed[i]! >> 1, Math.hypot(x * size.width, y * size.height), Math.sqrt(x * px + y * py));
  }
}

/**
 * How unusual an image's points are as a whole, whichever are placed: the square of their Mahalanobis distance, which is
 * chi-squared distributed, less its mean, in its standard deviations. 0 for an image without points.
 */
export function atypicality(model: ShapeModel, points: ArrayLike<number>, size: Size): number {
  const pattern = patternOf(model, points);
  const off = deviationsOf(model, pattern, points, size);
  const n = off.length;
  let square = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) square += off[i]! * pattern.precision[i * n + j]! * off[j]!;
  return n === 0 ? 0 : (square - n) / Math.sqrt(2 * n);
}

/** What follows from which keypoints are placed, wherever they are. */
interface Pattern {
  /** Coordinates that are placed and that the model has seen. */
  readonly observed: readonly number[];
  /** [observed, observed]: the inverse of their covariance. */
  readonly precision: Float64Array;
  /** [2 x keypoints, observed]: by how much each coordinate follows the observed ones. */
  readonly regression: Float64Array;
  /** [2 x keypoints]: given the observed ones. */
  readonly variances: Float64Array;
}

/** A hundredth of a millisecond each, so they are kept; images have few patterns. */
const patterns = new WeakMap<ShapeModel, Map<string, Pattern>>();
const mostPatterns = 500;

function patternOf(model: ShapeModel, points: ArrayLike<number>): Pattern {
  let known = patterns.get(model);
  if (!known) patterns.set(model, (known = new Map()));
  let key = '';
  for (let k = 0; k < model.placed.length; k++) key += isPlaced(points, k) ? '1' : '0';
  let pattern = known.get(key);
  if (!pattern) {
    if (known.size >= mostPatterns) known.clear();
    known.set(key, (pattern = makePattern(model, key)));
  }
  return pattern;
}

function makePattern({ placed, mean, covariance }: ShapeModel, key: string): Pattern {
  const length = mean.length;
  const observed = Array.from({ length }, (_, i) => i).filter(
    (i) => key[i >> 1] === '1' && placed[i >> 1]! > 0,
  );
  const n = observed.length;
  const among = Float64Array.from({ length: n * n }, (_, at) => {
    return covariance[observed[Math.floor(at / n)]! * length + observed[at % n]!]!;
  });
  const precision = inverse(cholesky(among, n), n);
  const regression = new Float64Array(length * n);
  const variances = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let variance = covariance[i * length + i]!;
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += covariance[i * length + observed[k]!]! * precision[k * n + j]!;
      regression[i * n + j] = sum;
      variance -= sum * covariance[i * length + observed[j]!]!;
    }
    variances[i] = Math.max(0, variance);
  }
  return { observed, precision, regression, variances };
}

/** [observed], as shares */
function deviationsOf(
  { mean }: ShapeModel,
  { observed }: Pattern,
  points: ArrayLike<number>,
  { width, height }: Size,
): Float64Array {
  const off = new Float64Array(observed.length);
  for (let at = 0; at < off.length; at++) {
    const i = observed[at]!;
    off[at] = (points[i]! + 0.5) / (i & 1 ? height : width) - mean[i]!;
  }
  return off;
}

function expected({ mean }: ShapeModel, { regression }: Pattern, off: Float64Array, i: number): number {
  let value = mean[i]!;
  for (let j = 0; j < off.length; j++) value += regression[i * off.length + j]! * off[j]!;
  return value;
}

const isPlaced = (points: ArrayLike<number>, keypoint: number) => !Number.isNaN(points[2 * keypoint]!);
