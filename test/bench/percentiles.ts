/** What is reported of times: the middle one, and the one that few are longer than. */

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;
}

export function percentiles(name: string, values: readonly number[]): Record<string, number> {
  return { [`${name}, p50`]: percentile(values, 0.5), [`${name}, p95`]: percentile(values, 0.95) };
}
