/** Principal components, by subspace iteration on the covariance. */
import { randomStream } from '../../domain/random.ts';
import { dot } from '../training/features.ts';

export interface Pca {
  /** [length] */
  readonly mean: Float32Array;
  /** [components, length], orthonormal, spanning the directions of largest variance. */
  readonly components: Float32Array;
}

/** Iterations after which the span no longer changes what the baselines score. */
const iterations = 6;

/**
 * @param rows [n, length]
 * @param components at most `length`
 */
export function principalComponents(
  rows: Float32Array,
  length: number,
  components: number,
  seed: number,
): Pca {
  const n = rows.length / length;
  const mean = new Float32Array(length);
  for (let i = 0; i < rows.length; i++) mean[i % length]! += rows[i]! / n;
  // Columns as rows, so that the covariance is inner products of neighbours in memory.
  const centred = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++)
    centred[(i % length) * n + Math.floor(i / length)] = rows[i]! - mean[i % length]!;
  const covariance = new Float32Array(length * length);
  for (let a = 0; a < length; a++)
    for (let b = 0; b <= a; b++)
      covariance[a * length + b] = covariance[b * length + a] = dot(centred, a * n, centred, b * n, n) / n;

  const random = randomStream(seed);
  let basis = Float32Array.from({ length: components * length }, () => random.normal());
  orthonormalise(basis, length);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float32Array(basis.length);
    for (let c = 0; c < components; c++)
      for (let i = 0; i < length; i++)
        next[c * length + i] = dot(basis, c * length, covariance, i * length, length);
    orthonormalise(next, length);
    basis = next;
  }
  return { mean, components: basis };
}

/** Modified Gram-Schmidt on rows, in place. A row that the ones before it span becomes zeros. */
function orthonormalise(rows: Float32Array, length: number): void {
  for (let row = 0; row < rows.length; row += length) {
    const before = Math.sqrt(dot(rows, row, rows, row, length));
    for (let other = 0; other < row; other += length) {
      const product = dot(rows, row, rows, other, length);
      for (let i = 0; i < length; i++) rows[row + i]! -= product * rows[other + i]!;
    }
    const norm = Math.sqrt(dot(rows, row, rows, row, length));
    const scale = norm > 1e-5 * before ? 1 / norm : 0;
    for (let i = 0; i < length; i++) rows[row + i]! *= scale;
  }
}

/** Coordinates of rows along the components. @param rows [n, length]; @returns [n, components] */
export function project(rows: Float32Array, { mean, components }: Pca): Float32Array {
  const length = mean.length;
  const count = components.length / length;
  const n = rows.length / length;
  const projected = new Float32Array(n * count);
  const centred = new Float32Array(length);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < length; i++) centred[i] = rows[row * length + i]! - mean[i]!;
    for (let c = 0; c < count; c++)
      projected[row * count + c] = dot(centred, 0, components, c * length, length);
  }
  return projected;
}
