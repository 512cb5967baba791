/** Linear regression with a penalty on the squares of its weights. */
import { cholesky, solve } from '../../domain/linear.ts';

/**
 * Fits each output on the rows that have it (not NaN), with an intercept that is not penalised: outputs and features are
 * centred on those rows, and (X'X + penalty * I) w = X'y is solved by Cholesky decomposition.
 * @param features [n, length]; @param targets [n, outputs]
 * @returns a function from features [m, length] to [m, outputs]; NaN for an output that no row has
 */
export function fitRidge(
  features: Float32Array,
  length: number,
  targets: Float32Array,
  outputs: number,
  penalty: number,
): (features: Float32Array) => Float32Array {
  const n = features.length / length;
  const weights = new Float64Array(outputs * length);
  const intercepts = new Float64Array(outputs).fill(NaN);
  // Outputs that the same rows have (a whole cohort of keypoints, both axes) share a decomposition.
  const sharing = Map.groupBy(
    Array.from({ length: outputs }, (_, output) => output),
    (output) =>
      Array.from({ length: n }, (_, row) => (Number.isNaN(targets[row * outputs + output]!) ? 0 : 1)).join(
        '',
      ),
  );
  for (const group of sharing.values()) {
    const rows = Array.from({ length: n }, (_, row) => row).filter(
      (row) => !Number.isNaN(targets[row * outputs + group[0]!]!),
    );
    if (rows.length === 0) continue;
    const mean = new Float64Array(length);
    for (const row of rows)
      for (let i = 0; i < length; i++) mean[i]! += features[row * length + i]! / rows.length;
    const lower = cholesky(gram(features, rows, mean, penalty), length);
    for (const output of group) {
      const target = (row: number) => targets[row * outputs + output]!;
      const meanTarget = rows.reduce((sum, row) => sum + target(row), 0) / rows.length;
      const right = new Float64Array(length);
      for (const row of rows)
        for (let i = 0; i < length; i++)
          right[i]! += (features[row * length + i]! - mean[i]!) * (target(row) - meanTarget);
      const solved = solve(lower, right);
      weights.set(solved, output * length);
      intercepts[output] = meanTarget - solved.reduce((sum, weight, i) => sum + weight * mean[i]!, 0);
    }
  }
  return (asked) =>
    Float32Array.from({ length: (asked.length / length) * outputs }, (_, at) => {
      const [row, output] = [Math.floor(at / outputs), at % outputs];
      let sum = intercepts[output]!;
      for (let i = 0; i < length; i++) sum += weights[output * length + i]! * asked[row * length + i]!;
      return sum;
    });
}

/** X'X + penalty * I of centred rows; the lower triangle. */
function gram(
  features: Float32Array,
  rows: readonly number[],
  mean: Float64Array,
  penalty: number,
): Float64Array {
  const length = mean.length;
  const product = new Float64Array(length * length);
  const centred = new Float64Array(length);
  for (const row of rows) {
    for (let i = 0; i < length; i++) centred[i] = features[row * length + i]! - mean[i]!;
    for (let i = 0; i < length; i++)
      for (let j = 0; j <= i; j++) product[i * length + j]! += centred[i]! * centred[j]!;
  }
  for (let i = 0; i < length; i++) product[i * length + i]! += penalty;
  return product;
}
