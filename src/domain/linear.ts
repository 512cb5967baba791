/** Symmetric positive definite matrices, row by row: [n, n]. */

/** The lower triangle L with L L' = matrix, in place; only the lower triangle is read. */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j]!;
    }
  return matrix;
}

/** w with L L' w = right. */
export function solve(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const solved = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) solved[i]! -= lower[i * n + k]! * solved[k]!;
    solved[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) solved[i]! -= lower[k * n + i]! * solved[k]!;
    solved[i]! /= lower[i * n + i]!;
  }
  return solved;
}

/** The inverse of L L'. */
export function inverse(lower: Float64Array, n: number): Float64Array {
  const inverted = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let column = 0; column < n; column++) {
    unit.fill(0)[column] = 1;
    inverted.set(solve(lower, unit), column * n); // Symmetric: a column is a row.
  }
  return inverted;
}
