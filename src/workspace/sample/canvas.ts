/** A small gray canvas: filled shapes with soft edges, blur and noise. */
import type { Random } from '../../domain/random.ts';

/** Pixels, 0-based pixel centres. */
export type Point = readonly [x: number, y: number];

/** A shade 0 (black) to 255, or what a shade becomes at a place. */
export type Paint = number | ((x: number, y: number, before: number) => number);

/** Horizontal lines on which a pixel's coverage is measured. */
const lines = 4;

export class Canvas {
  readonly size: number;
  /** [size, size] */
  shades: Float32Array;

  constructor(size: number) {
    this.size = size;
    this.shades = new Float32Array(size * size);
  }

  /** Paints every pixel. */
  cover(paint: Paint): void {
    for (let y = 0; y < this.size; y++) for (let x = 0; x < this.size; x++) this.#paint(x, y, paint, 1);
  }

  /** Fills a polygon, where it crosses itself by the even-odd rule; pixels at its edge by the share that it covers. */
  fill(polygon: readonly Point[], paint: Paint, opacity = 1): void {
    const ys = polygon.map(([, y]) => y);
    const top = Math.max(0, Math.floor(Math.min(...ys)));
    const bottom = Math.min(this.size - 1, Math.ceil(Math.max(...ys)));
    const coverage = new Float32Array(this.size);
    for (let y = top; y <= bottom; y++) {
      coverage.fill(0);
      for (let line = 0; line < lines; line++)
        addSpans(coverage, crossings(polygon, y - 0.5 + (line + 0.5) / lines), 1 / lines);
      for (let x = 0; x < this.size; x++)
        if (coverage[x]! > 0) this.#paint(x, y, paint, coverage[x]! * opacity);
    }
  }

  /** Gaussian, separable; sigma in pixels. */
  blur(sigma: number): void {
    const radius = Math.ceil(2.5 * sigma);
    const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
      Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const { size } = this;
    for (const step of [1, size]) {
      const across = step === 1 ? size : 1;
      const blurred = new Float32Array(size * size);
      for (let line = 0; line < size; line++)
        for (let at = 0; at < size; at++) {
          let sum = 0;
          for (let k = -radius; k <= radius; k++) {
            const near = Math.min(size - 1, Math.max(0, at + k));
            sum += weights[k + radius]! * this.shades[line * across + near * step]!;
          }
          blurred[line * across + at * step] = sum / total;
        }
      this.shades = blurred;
    }
  }

  /** Normal noise of that standard deviation. */
  addNoise(deviation: number, random: Random): void {
    for (let i = 0; i < this.shades.length; i++) this.shades[i]! += deviation * random.normal();
  }

  toPixels(): Uint8Array {
    // A clamped array rounds, and cuts off at 0 and 255.
    return new Uint8Array(Uint8ClampedArray.from(this.shades).buffer);
  }

  #paint(x: number, y: number, paint: Paint, share: number): void {
    const i = y * this.size + x;
    const before = this.shades[i]!;
    const shade = typeof paint === 'number' ? paint : paint(x, y, before);
    this.shades[i] = before + share * (shade - before);
  }
}

/** Where a horizontal line crosses the polygon's edges, from left to right. */
function crossings(polygon: readonly Point[], y: number): number[] {
  const xs: number[] = [];
  polygon.forEach(([x1, y1], i) => {
    const [x2, y2] = polygon[(i + 1) % polygon.length]!;
    if (y1 <= y !== y2 <= y) xs.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  });
  return xs.sort((a, b) => a - b);
}

function addSpans(coverage: Float32Array, xs: readonly number[], weight: number): void {
  for (let i = 0; i + 1 < xs.length; i += 2) {
    const [left, right] = [xs[i]! + 0.5, xs[i + 1]! + 0.5];
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(coverage.length, right); x++)
      coverage[x]! += weight * Math.max(0, Math.min(right, x + 1) - Math.max(left, x));
  }
}

/** A closed curve through the points (Catmull-Rom), as a polygon. */
export function smooth(points: readonly Point[]): Point[] {
  const steps = 5;
  const n = points.length;
  return points.flatMap((_, i) => {
    const [before, from, to, after] = [-1, 0, 1, 2].map((offset) => points[(i + offset + n) % n]!) as [
      Point,
      Point,
      Point,
      Point,
    ];
    return Array.from({ length: steps }, (_, step): Point => {
      const t = step / steps;
      const at = (axis: 0 | 1) =>
        0.5 *
        (2 * from[axis] +
          (to[axis] - before[axis]) * t +
          (2 * before[axis] - 5 * from[axis] + 4 * to[axis] - after[axis]) * t * t +
          (3 * from[axis] - before[axis] - 3 * to[axis] + after[axis]) * t * t * t);
      return [at(0), at(1)];
    });
  });
}
