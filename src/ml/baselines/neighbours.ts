import type { Points } from '../../domain/points.ts';

/** The rows of `known` nearest to each row of `asked`, the nearest first: [asked, k], and fewer when `known` has fewer. */
export type Neighbours = readonly (readonly number[])[];

/** Rows to compare, and views of them in fewer numbers, the fewest first, whose distances are never larger. */
export interface Rows extends Vectors {
  readonly coarse: readonly Vectors[];
}

interface Vectors {
  readonly values: Float32Array | Uint8ClampedArray;
  /** Numbers a row. */
  readonly length: number;
}

/**
 * By Euclidean distance; exact. Coarse distances tell which rows need not be looked at.
 * @param parts the known rows, some at a time, so that they need not be in memory all at once
 */
export function nearestRows(parts: Iterable<Rows>, asked: Rows, k: number): Neighbours {
  const nearestOf = Array.from({ length: asked.values.length / asked.length }, () => new Nearest(k));
  const askedViews = [...asked.coarse, asked];
  let first = 0;
  for (const known of parts) {
    const n = known.values.length / known.length;
    const views = [...known.coarse, known];
    const distances = new Float64Array(n);
    for (const [row, nearest] of nearestOf.entries()) {
      squaredDistances(views[0]!, askedViews[0]!, row, distances);
      const consider = (index: number) => {
        let distance = distances[index]!;
        for (let view = 1; view < views.length && distance < nearest.limit; view++)
          distance = squaredDistance(views[view]!, index, askedViews[view]!, row, nearest.limit);
        nearest.offer(first + index, distance);
        distances[index] = Infinity;
      };
      // Those that look nearest first: they set a limit that few others pass.
      const promising = new Nearest(k);
      for (let index = 0; index < n; index++) promising.offer(index, distances[index]!);
      promising.indices.forEach(consider);
      for (let index = 0; index < n; index++) consider(index);
    }
    first += n;
  }
  return nearestOf.map(({ indices }) => indices);
}

/** The k smallest distances offered so far. */
class Nearest {
  readonly #k: number;
  readonly #found: { index: number; distance: number }[] = [];
  /** Only distances below it are taken. */
  limit = Infinity;

  constructor(k: number) {
    this.#k = k;
  }

  get indices(): number[] {
    return this.#found.map(({ index }) => index);
  }

  offer(index: number, distance: number): void {
    if (distance >= this.limit) return;
    const at = this.#found.findIndex((other) => other.distance > distance);
    this.#found.splice(at < 0 ? this.#found.length : at, 0, { index, distance });
    if (this.#found.length > this.#k) this.#found.pop();
    if (this.#found.length === this.#k) this.limit = this.#found[this.#k - 1]!.distance;
  }
}

/** From every row of `a` to one of `b`. Apart from squaredDistance, because engines compile a loop for the arrays that it has seen. */
function squaredDistances(a: Vectors, b: Vectors, rowB: number, distances: Float64Array): void {
  const { length } = a;
  const other = b.values.subarray(rowB * length, (rowB + 1) * length);
  for (let row = 0, at = 0; row < distances.length; row++) {
    let sum = 0;
    for (let i = 0; i < length; i++, at++) {
      const difference = a.values[at]! - other[i]!;
      sum += difference * difference;
    }
    distances[row] = sum;
  }
}

/** Gives up, with what it has, once `limit` is passed. */
function squaredDistance(a: Vectors, rowA: number, b: Vectors, rowB: number, limit: number): number {
  const { length } = a;
  let sum = 0;
  for (let i = 0; i < length && sum < limit;) {
    const end = Math.min(length, i + 64);
    for (; i < end; i++) {
      const difference = a.values[rowA * length + i]! - b.values[rowB * length + i]!;
      sum += difference * difference;
    }
  }
  return sum;
}

/**
 * Mean place of each keypoint over those neighbours that have it, or `otherwise` where none has.
 * @param points [known, outputs] flattened; @param otherwise [outputs]; @returns [asked, outputs]
 */
export function averageOf(neighbours: Neighbours, points: Points, otherwise: Float32Array): Points {
  const outputs = otherwise.length;
  const result = new Float32Array(neighbours.length * outputs);
  neighbours.forEach((rows, asked) => {
    for (let output = 0; output < outputs; output++) {
      const values = rows
        .map((row) => points[row * outputs + output]!)
        .filter((value) => !Number.isNaN(value));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      result[asked * outputs + output] = values.length > 0 ? mean : otherwise[output]!;
    }
  });
  return result;
}
