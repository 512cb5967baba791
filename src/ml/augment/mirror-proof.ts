/**
 * Proof that mirroring is right: mirrored points must fall where the mirrored pictures show the other side.
 *
 * What a keypoint looks like is the mean of the patches about its labels, over all pictures. The mean about the mirrored
 * labels of its partner, in mirrored pictures, must look the same, and at the same place: a wrong pair looks like
 * something else, and a mirror that is a pixel off shows the same a pixel off. Places alone cannot tell that, because
 * faces need not be in the middle of their pictures: on the competition's 3,320 training images the mean places of the
 * two sides are 0.3 to 1.5 px apart, the patches of pairs -0.4 to 0.3 px, in the mean of all pairs 0.03 (0.97 with
 * 96 - x). Keypoints without a partner tell nothing: labellers place them to one side of the middle.
 */
import type { InputShape } from '../engine/engine.ts';
import { movePoints, unmoved, warpPixels } from './affine.ts';
import { normalise } from './normalise.ts';
import type { LabelledPicture } from './samples.ts';

export interface MirroredPair {
  /** Each is mirrored onto the other. */
  readonly keypoints: readonly [number, number];
  /** Pictures that have both. */
  readonly images: number;
  /** Mean of (mirrored first - label of the second) over those pictures, in pixels; null where there is none. */
  readonly places: { readonly x: number; readonly y: number } | null;
  /** How far the mirrored points lie from where the pictures show the other side, in pixels; null where there are too few pictures. */
  readonly pictures: { readonly x: number; readonly y: number } | null;
  /** The keypoints that the points mirrored onto each look most like; null where there are too few pictures. */
  readonly looksLike: readonly [number, number] | null;
  /** They look like others. */
  readonly wrong: boolean;
}

export interface MirrorFindings {
  readonly pairs: readonly MirroredPair[];
  /** How far the mirrored points of the pairs that are not wrong lie to the right of where the pictures show them, in pixels; null where there are too few pictures. */
  readonly offset: number | null;
  /** It is more than a third of a pixel. */
  readonly isOff: boolean;
}

/** A patch reaches so far from its point; it is compared with others up to `search` pixels off. */
const reach = 8;
const search = 3;
/** Fewer pictures say nothing. */
const fewest = 10;
const largestOffset = 1 / 3;
/** Another keypoint has to be so much more alike. */
const margin = 0.02;

const inner = 2 * reach + 1;
const outer = inner + 2 * search;

export class MirrorProof {
  readonly #input: InputShape;
  readonly #permutation: readonly number[];
  readonly #move: typeof movePoints;
  readonly #labelled: Patches;
  readonly #mirrored: Patches;
  readonly #offsets: Float64Array;
  readonly #both: Uint32Array;

  /** @param move what is to be proved: by default what training mirrors with */
  constructor(input: InputShape, permutation: readonly number[], move = movePoints) {
    this.#input = input;
    this.#permutation = permutation;
    this.#move = move;
    this.#labelled = new Patches(permutation.length, outer, input);
    this.#mirrored = new Patches(permutation.length, inner, input);
    this.#offsets = new Float64Array(2 * permutation.length);
    this.#both = new Uint32Array(permutation.length);
  }

  add({ pixels, points }: LabelledPicture): void {
    const mirror = { ...unmoved, mirrored: true };
    const picture = Float32Array.from(pixels);
    const turned = new Float32Array(pixels.length);
    const moved = new Float32Array(points.length);
    warpPixels(pixels, mirror, this.#input, turned);
    this.#move(points, mirror, this.#permutation, this.#input, moved);
    normalise(picture, 'standardise');
    normalise(turned, 'standardise');
    this.#permutation.forEach((_, k) => {
      const [x, y, movedX, movedY] = [points[2 * k]!, points[2 * k + 1]!, moved[2 * k]!, moved[2 * k + 1]!];
      this.#labelled.add(k, picture, x, y);
      this.#mirrored.add(k, turned, movedX, movedY);
      if (Number.isNaN(x) || Number.isNaN(movedX)) return;
      this.#both[k]!++;
      this.#offsets[2 * k]! += movedX - x;
      this.#offsets[2 * k + 1]! += movedY - y;
    });
  }

  findings(): MirrorFindings {
    const pairs = this.#permutation.flatMap((partner, k) => (k < partner ? [this.#pair(k, partner)] : []));
    const offsets = pairs.flatMap(({ pictures, wrong }) => (wrong ? [] : (pictures?.x ?? [])));
    const offset = offsets.length === 0 ? null : offsets.reduce((sum, x) => sum + x, 0) / offsets.length;
    return { pairs, offset, isOff: offset !== null && Math.abs(offset) > largestOffset };
  }

  #pair(first: number, second: number): MirroredPair {
    const images = this.#both[second]!;
    const [x, y] = [0, 1].map((axis) => this.#offsets[2 * second + axis]! / images) as [number, number];
    const [a, b] = [this.#look(first), this.#look(second)];
    return {
      keypoints: [first, second],
      images,
      places: images === 0 ? null : { x, y },
      // What differs between the sides of a face goes both ways, and so drops out.
      pictures: a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null,
      looksLike: a && b ? [a.like, b.like] : null,
      wrong: (a !== undefined && a.like !== first) || (b !== undefined && b.like !== second),
    };
  }

  /** Where the points mirrored onto a keypoint lie, and what they look like. */
  #look(keypoint: number): (Likeness & { readonly like: number }) | undefined {
    const found = this.#permutation.map((_, other) => this.#compare(keypoint, other));
    const own = found[keypoint];
    if (!own) return undefined;
    const likenessOf = (k: number) => found[k]?.likeness ?? -1;
    const most = this.#permutation.map((_, k) => k).reduce((a, b) => (likenessOf(b) > likenessOf(a) ? b : a));
    return { ...own, like: likenessOf(most) > own.likeness + margin ? most : keypoint };
  }

  /** How far the patch about the mirrored points of one keypoint lies from that about the labels of another. */
  #compare(keypoint: number, other: number): Likeness | undefined {
    const [patch, whole] = [this.#mirrored.mean(keypoint), this.#labelled.mean(other)];
    if (!patch || !whole) return undefined;
    const side = 2 * search + 1;
    const scores = Array.from({ length: side * side }, (_, i) =>
      correlation(patch, whole, i % side, Math.floor(i / side)),
    );
    const best = scores.indexOf(Math.max(...scores));
    const [column, row] = [best % side, Math.floor(best / side)];
    const at = (x: number, y: number) =>
      x < 0 || x >= side || y < 0 || y >= side ? undefined : scores[y * side + x];
    const x = column + peak(at(column - 1, row), scores[best]!, at(column + 1, row)) - search;
    const y = row + peak(at(column, row - 1), scores[best]!, at(column, row + 1)) - search;
    return { x, y, likeness: scores[best]! };
  }
}

/** How far one patch lies from another, in pixels, and their correlation there. */
interface Likeness {
  readonly x: number;
  readonly y: number;
  readonly likeness: number;
}

/** Mean patches about points, one for each keypoint. */
class Patches {
  readonly #side: number;
  readonly #input: InputShape;
  readonly #sums: Float64Array[];
  readonly #counts: Uint32Array;

  constructor(keypoints: number, side: number, input: InputShape) {
    this.#side = side;
    this.#input = input;
    this.#sums = Array.from({ length: keypoints }, () => new Float64Array(side * side));
    this.#counts = new Uint32Array(keypoints);
  }

  /** Adds the patch about (x, y), between pixels by linear interpolation; not where it would leave the picture. */
  add(keypoint: number, picture: Float32Array, x: number, y: number): void {
    const { width, height } = this.#input;
    const half = (this.#side - 1) / 2;
    const [left, top] = [Math.floor(x - half), Math.floor(y - half)];
    const fits = left >= 0 && top >= 0 && left + this.#side < width && top + this.#side < height;
    if (!fits) return; // neither does one without a place
    const [shareX, shareY] = [x - half - left, y - half - top];
    const sums = this.#sums[keypoint]!;
    this.#counts[keypoint]!++;
    for (let row = 0, to = 0; row < this.#side; row++)
      for (let column = 0; column < this.#side; column++, to++) {
        const at = (top + row) * width + left + column;
        const upper = picture[at]! + shareX * (picture[at + 1]! - picture[at]!);
        const lower = picture[at + width]! + shareX * (picture[at + width + 1]! - picture[at + width]!);
        sums[to]! += upper + shareY * (lower - upper);
      }
  }

  mean(keypoint: number): Float64Array | undefined {
    const count = this.#counts[keypoint]!;
    return count < fewest ? undefined : this.#sums[keypoint]!.map((sum) => sum / count);
  }
}

/** Of an inner patch with the part of an outer one that begins at (left, top). */
function correlation(patch: Float64Array, whole: Float64Array, left: number, top: number): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = 0; row < inner; row++)
    for (let column = 0; column < inner; column++) {
      const a = patch[row * inner + column]!;
      const b = whole[(top + row) * outer + left + column]!;
      sumA += a;
      sumB += b;
      squaresA += a * a;
      squaresB += b * b;
      products += a * b;
    }
  const size = inner * inner;
  const deviations = Math.sqrt((squaresA - sumA ** 2 / size) * (squaresB - sumB ** 2 / size));
  return deviations === 0 ? 0 : (products - (sumA * sumB) / size) / deviations;
}

/** Where the parabola through three neighbouring values has its top, from -0.5 to 0.5 about the middle one. */
function peak(before: number | undefined, middle: number, after: number | undefined): number {
  if (before === undefined || after === undefined) return 0;
  const curvature = before - 2 * middle + after;
  return curvature === 0 ? 0 : (before - after) / (2 * curvature);
}
