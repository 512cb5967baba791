/**
 * Groups of pictures that show one person or scene, as far as pictures can tell.
 *
 * Pictures are compared by 16x16 block means, mean removed, length 1 (so by cosine). Groups grow by average linkage:
 * the two groups whose pictures are on average most alike merge, until no average reaches `likeness`. Single linkage
 * would chain from person to person through pictures that happen to be alike.
 */
import type { InputShape } from '../engine/engine.ts';
import { blockMeansOf, dot, standardiseRows } from './features.ts';
import type { Pictures } from './pictures.ts';

const side = 16;
const length = side * side;
const coarseLength = length / 4;

/** Of its neighbours a picture remembers this many; memory stays linear in the number of pictures. */
const remembered = 32;

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly likeness: number;
}

/** What the first `count` pictures are compared by, [count, 16, 16]. */
export function likenessFeatures(pictures: Pictures, count: number, input: InputShape): Float32Array {
  const positions = Int32Array.from({ length: count }, (_, position) => position);
  return standardiseRows(blockMeansOf(pictures, positions, input, side), length);
}

/**
 * @param features as likenessFeatures gives them
 * @param sameGroup pairs of pictures known to belong together (near duplicates, a named person); their groups become one
 * @param likeness the mean cosine at which two groups are still one
 * @returns a group number for each picture: the smallest picture in it
 */
export function groupAlike(
  features: Float32Array,
  sameGroup: readonly (readonly [number, number])[],
  likeness: number,
): Int32Array {
  const clusters = new Clusters(features);
  const pairs = alikePairs(features, likeness);
  for (const [a, b] of pairs) clusters.link(a, b);
  clusters.mergeWhileAlike(likeness);
  for (const [a, b] of sameGroup) clusters.merge(clusters.of(a), clusters.of(b));
  return Int32Array.from({ length: features.length / length }, (_, picture) => clusters.of(picture));
}

/** Pairs with a cosine of at least `least`; each picture's best `remembered` of them. */
function alikePairs(features: Float32Array, least: number): [number, number][] {
  const pictures = features.length / length;
  const { coarse, rest } = coarsen(features);
  const best = new Float32Array(pictures * remembered).fill(-1);
  const who = new Int32Array(pictures * remembered).fill(-1);
  const offer = (to: number, other: number, likeness: number) => {
    let at = (to + 1) * remembered - 1;
    if (best[at]! >= likeness) return;
    for (; at > to * remembered && best[at - 1]! < likeness; at--) {
      best[at] = best[at - 1]!;
      who[at] = who[at - 1]!;
    }
    best[at] = likeness;
    who[at] = other;
  };
  for (let a = 1; a < pictures; a++)
    for (let b = 0; b < a; b++) {
      // Cauchy-Schwarz: what the coarse view leaves out adds at most the product of both rests.
      const bound =
        dot(coarse, a * coarseLength, coarse, b * coarseLength, coarseLength) + rest[a]! * rest[b]!;
      if (bound < least) continue;
      const likeness = dot(features, a * length, features, b * length, length);
      if (likeness < least) continue;
      offer(a, b, likeness);
      offer(b, a, likeness);
    }
  return Array.from(who, (other, i): [number, number] => [Math.floor(i / remembered), other]).filter(
    ([, other]) => other >= 0,
  );
}

/** Each feature's projection on 2x2 blocks, as coordinates of an orthonormal basis, and the length of what that leaves out. */
function coarsen(features: Float32Array): { coarse: Float32Array; rest: Float32Array } {
  const pictures = features.length / length;
  const coarse = new Float32Array(pictures * coarseLength);
  for (let i = 0; i < features.length; i++) {
    const [picture, row, column] = [Math.floor(i / length), Math.floor((i % length) / side), i % side];
    coarse[picture * coarseLength + (row >> 1) * (side / 2) + (column >> 1)]! += features[i]! / 2;
  }
  const rest = Float32Array.from({ length: pictures }, (_, picture) => {
    const start = picture * coarseLength;
    const whole = dot(features, picture * length, features, picture * length, length);
    return Math.sqrt(Math.max(0, whole - dot(coarse, start, coarse, start, coarseLength)));
  });
  return { coarse, rest };
}

/** Average linkage over linked clusters. The mean cosine of two clusters is the product of their feature sums over both sizes. */
class Clusters {
  /** Feature sums; a cluster's row is that of its smallest picture. */
  readonly #sums: Float32Array;
  readonly #sizes: Int32Array;
  readonly #parents: Int32Array;
  readonly #neighbours: Set<number>[];

  constructor(features: Float32Array) {
    const pictures = features.length / length;
    this.#sums = features.slice();
    this.#sizes = new Int32Array(pictures).fill(1);
    this.#parents = Int32Array.from({ length: pictures }, (_, i) => i);
    this.#neighbours = Array.from({ length: pictures }, () => new Set());
  }

  of(picture: number): number {
    let cluster = picture;
    while (this.#parents[cluster] !== cluster) cluster = this.#parents[cluster]!;
    return cluster;
  }

  /** Only linked clusters are ever compared. */
  link(a: number, b: number): void {
    this.#neighbours[a]!.add(b);
    this.#neighbours[b]!.add(a);
  }

  /** @returns the cluster that both now are. */
  merge(a: number, b: number): number {
    if (a === b) return a;
    const [kept, gone] = a < b ? [a, b] : [b, a];
    this.#parents[gone] = kept;
    this.#sizes[kept]! += this.#sizes[gone]!;
    for (let i = 0; i < length; i++) this.#sums[kept * length + i]! += this.#sums[gone * length + i]!;
    for (const other of this.#neighbours[gone]!) {
      this.#neighbours[other]!.delete(gone);
      if (other !== kept) this.link(kept, other);
    }
    this.#neighbours[gone]!.clear();
    return kept;
  }

  mergeWhileAlike(likeness: number): void {
    const queue = new PairQueue();
    const consider = (a: number, b: number) => {
      const found = this.#likeness(a, b);
      if (found >= likeness) queue.push({ a, b, likeness: found });
    };
    this.#neighbours.forEach((others, a) => others.forEach((b) => a < b && consider(a, b)));
    for (let pair = queue.pop(); pair; pair = queue.pop()) {
      const { a, b } = pair;
      const stale =
        this.#parents[a] !== a || this.#parents[b] !== b || this.#likeness(a, b) !== pair.likeness;
      if (stale) continue;
      const merged = this.merge(a, b);
      for (const other of this.#neighbours[merged]!) consider(merged, other);
    }
  }

  #likeness(a: number, b: number): number {
    const product = dot(this.#sums, a * length, this.#sums, b * length, length);
    return product / (this.#sizes[a]! * this.#sizes[b]!);
  }
}

/** The most alike pair first: a binary heap. */
class PairQueue {
  readonly #heap: Pair[] = [];

  push(pair: Pair): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let up = (at - 1) >> 1; at > 0 && heap[up]!.likeness < pair.likeness; at = up, up = (at - 1) >> 1)
      heap[at] = heap[up]!;
    heap[at] = pair;
  }

  pop(): Pair | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down + 1 < heap.length && heap[down + 1]!.likeness > heap[down]!.likeness) down++;
      if (down >= heap.length || heap[down]!.likeness <= last.likeness) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return top;
  }
}
