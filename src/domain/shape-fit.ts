/**
 * Fits the shape model to labels of which most may be missing: expectation maximisation over a normal distribution
 * (Little & Rubin, Statistical Analysis with Missing Data, chapter 8).
 *
 * Images with the same keypoints placed are one group, of which only the sums of coordinates and of their products are
 * needed: an iteration costs by the number of groups, not of images. Where images are few the covariance leans on what
 * is known of any face: that it moves, turns and grows as a whole.
 */
import { cholesky, solve } from './linear.ts';
import type { ShapeModel, Size } from './shape-model.ts';
import { atypicality, strangestDeviation, tooStrange } from './shape-model.ts';

/** Groups of images with the same keypoints placed; rarer ones are left out. */
const mostGroups = 128;
const mostIterations = 60;

/** The share of images that nothing is said against. */
const typical = 0.95;

/** The fit is done when no mean and no standard deviation moves by more than this share of a picture. */
const still = 2e-5;

/** As many images as what is known of any face weighs. */
const priorImages = 10;

/** What is known of any face, as standard deviations: of its place and of each point's own (shares), of its size, of its turn (radians). */
const prior = { place: 0.08, own: 0.02, size: 0.15, turn: 0.15 };

/**
 * In steps of some milliseconds, for whoever has other work between them. Images that are probably wrong are set aside:
 * first the least typical twentieth, so that those that are wrong in the same way cannot vouch for each other; then all
 * that have a point that is too strange to the rest.
 * @param shares [images, keypoints, 2], NaN where there is no place: see shape-model.ts
 */
export function* fitShapeInSteps(shares: Float32Array, keypoints: number): Generator<undefined, ShapeModel> {
  const length = 2 * keypoints;
  const labelled = keepRows(shares, length, (_row, image) => image.some((share) => !Number.isNaN(share)));
  const all = yield* fitOnce(labelled, keypoints);
  const unlikely = yield* each(labelled, all, atypicality);
  const limit = unlikely.toSorted()[Math.ceil(typical * unlikely.length) - 1]!;
  const likely = keepRows(labelled, length, (row) => unlikely[row]! <= limit);
  const most = yield* fitOnce(likely, keypoints, all);
  const strangest = yield* each(labelled, most, strangestDeviation);
  const fair = keepRows(labelled, length, (row) => strangest[row]! <= tooStrange);
  return yield* fitOnce(fair, keypoints, most);
}

function* each(
  shares: Float32Array,
  model: ShapeModel,
  measure: (model: ShapeModel, points: Float32Array, size: Size) => number,
): Generator<undefined, Float64Array> {
  const length = model.mean.length;
  const measured = new Float64Array(shares.length / length);
  for (let row = 0; row < measured.length; row++) {
    // As pixels of a picture of one.
    const points = shares.subarray(row * length, (row + 1) * length).map((share) => share - 0.5);
    measured[row] = measure(model, points, { width: 1, height: 1 });
    if (row % 500 === 499) yield;
  }
  return measured;
}

function keepRows(
  shares: Float32Array,
  length: number,
  keep: (row: number, image: Float32Array) => boolean,
): Float32Array {
  const kept = new Float32Array(shares.length);
  let end = 0;
  for (let start = 0; start < shares.length; start += length) {
    const image = shares.subarray(start, start + length);
    if (!keep(start / length, image)) continue;
    kept.set(image, end);
    end += length;
  }
  return kept.subarray(0, end);
}

/** At once. @param shares [images, keypoints, 2], NaN where there is no place */
export function fitShape(shares: Float32Array, keypoints: number): ShapeModel {
  const steps = fitShapeInSteps(shares, keypoints);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Images with the same coordinates observed. */
interface Group {
  readonly observed: readonly number[];
  images: number;
  /** [observed], and the lower triangle of [observed, observed], both from 0.5. */
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** @param start a model of nearly the same images */
function* fitOnce(
  shares: Float32Array,
  keypoints: number,
  start?: ShapeModel,
): Generator<undefined, ShapeModel> {
  const length = 2 * keypoints;
  const groups = yield* groupsOf(shares, keypoints);
  const placed = new Array<number>(keypoints).fill(0);
  const sum = new Float64Array(length);
  let images = 0;
  for (const { observed, images: n, sums } of groups) {
    images += n;
    observed.forEach((i, at) => {
      if (i % 2 === 0) placed[i >> 1]! += n;
      sum[i]! += sums[at]!;
    });
  }
  const mean = start
    ? Float64Array.from(start.mean, (share) => share - 0.5)
    : sum.map((value, i) => value / Math.max(1, placed[i >> 1]!));
  let covariance = start ? Float64Array.from(start.covariance) : priorCovariance(mean);
  for (let iteration = 0; images > 0 && iteration < mostIterations; iteration++) {
    const moved = new Float64Array(length);
    const spread = new Float64Array(length * length);
    for (const [at, group] of groups.entries()) {
      expect(group, mean, covariance, moved, spread);
      if (at % 16 === 15) yield;
    }
    let change = 0;
    for (let i = 0; i < length; i++) {
      moved[i]! /= images;
      mean[i]! += moved[i]!;
      change = Math.max(change, Math.abs(moved[i]!));
    }
    const known = priorCovariance(mean);
    const next = new Float64Array(length * length);
    for (let i = 0; i < length; i++)
      for (let j = 0; j <= i; j++) {
        const ofData = spread[i * length + j]! - images * moved[i]! * moved[j]!;
        next[i * length + j] = next[j * length + i] =
          (ofData + priorImages * known[i * length + j]!) / (images + priorImages);
      }
    for (let at = 0; at < next.length; at += length + 1)
      change = Math.max(change, Math.abs(Math.sqrt(next[at]!) - Math.sqrt(covariance[at]!)));
    covariance = next;
    yield;
    if (change < still) break;
  }
  return {
    images,
    placed,
    mean: Array.from(mean, (value) => value + 0.5),
    covariance: Array.from(covariance),
  };
}

/**
 * Adds what is expected of the group to sums of deviations from the mean and to the lower triangle of their products:
 * of an observed coordinate itself, of another what the observed ones predict, with its variance given them.
 */
function expect(
  { observed, images, sums, products }: Group,
  mean: Float64Array,
  covariance: Float64Array,
  moved: Float64Array,
  spread: Float64Array,
): void {
  const length = mean.length;
  const n = observed.length;
  const other = Array.from(mean.keys()).filter((i) => !observed.includes(i));
  const add = (i: number, j: number, value: number) => {
    spread[Math.max(i, j) * length + Math.min(i, j)]! += value;
  };
  const among = new Float64Array(n * n);
  const off = Float64Array.from(observed, (i, a) => sums[a]! - images * mean[i]!);
  const squares = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      const [i, j] = [observed[a]!, observed[b]!];
      among[a * n + b] = covariance[i * length + j]!;
      squares[a * n + b] = squares[b * n + a] =
        products[a * n + b]! - sums[a]! * mean[j]! - mean[i]! * sums[b]! + images * mean[i]! * mean[j]!;
      add(i, j, squares[a * n + b]!);
    }
  observed.forEach((i, a) => (moved[i]! += off[a]!));
  if (other.length === 0) return;

  const lower = cholesky(among, n);
  const ofOther = other.map((i) => {
    const along = Float64Array.from(observed, (j) => covariance[i * length + j]!);
    const regression = solve(lower, along);
    const withObserved = new Float64Array(n);
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) withObserved[a]! += regression[b]! * squares[b * n + a]!;
    moved[i]! += dot(regression, off);
    observed.forEach((j, a) => {
      add(i, j, withObserved[a]!);
    });
    return { i, along, regression, withObserved };
  });
  for (const [at, { i, regression, withObserved }] of ofOther.entries())
    for (const two of ofOther.slice(0, at + 1)) {
      const unexplained = covariance[i * length + two.i]! - dot(regression, two.along);
      add(i, two.i, dot(withObserved, two.regression) + images * unexplained);
    }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function* groupsOf(shares: Float32Array, keypoints: number): Generator<undefined, Group[]> {
  const length = 2 * keypoints;
  const groups = new Map<string, Group>();
  for (let row = 0; row < shares.length / length; row++) {
    const start = row * length;
    let key = '';
    for (let k = 0; k < keypoints; k++) key += Number.isNaN(shares[start + 2 * k]!) ? '0' : '1';
    let group = groups.get(key);
    if (!group) {
      const observed = Array.from({ length }, (_, i) => i).filter((i) => key[i >> 1] === '1');
      const n = observed.length;
      group = { observed, images: 0, sums: new Float64Array(n), products: new Float64Array(n * n) };
      groups.set(key, group);
    }
    const { observed, sums, products } = group;
    const n = observed.length;
    group.images++;
    for (let a = 0; a < n; a++) {
      const value = shares[start + observed[a]!]! - 0.5;
      sums[a]! += value;
      for (let b = 0; b <= a; b++) products[a * n + b]! += value * (shares[start + observed[b]!]! - 0.5);
    }
    if (row % 1000 === 999) yield;
  }
  return [...groups.values()].sort((a, b) => b.images - a.images).slice(0, mostGroups);
}

/** Of the whole face's place, turn and size about its middle, and of each point's own place. */
function priorCovariance(mean: Float64Array): Float64Array {
  const length = mean.length;
  let [middleX, middleY] = [0, 0];
  for (let i = 0; i < length; i += 2) {
    middleX += (2 * mean[i]!) / length;
    middleY += (2 * mean[i + 1]!) / length;
  }
  const away = mean.map((value, i) => value - (i & 1 ? middleY : middleX));
  const turned = away.map((_, i) => (i & 1 ? away[i - 1]! : -away[i + 1]!));
  return Float64Array.from({ length: length * length }, (_, at) => {
    const [i, j] = [Math.floor(at / length), at % length];
    return (
      ((i & 1) === (j & 1) ? prior.place ** 2 : 0) +
      prior.size ** 2 * away[i]! * away[j]! +
      prior.turn ** 2 * turned[i]! * turned[j]! +
      (i === j ? prior.own ** 2 : 0)
    );
  });
}
