/** Figures with their targets, as benchmarks report them. */

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One thing that was measured, over the rounds, and what its median should be. */
export interface Figure {
  readonly what: string;
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
  readonly measured: Spread;
  readonly met: boolean;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

export function figure(what: string, target: Figure['target'], values: readonly number[]): Figure {
  const measured = spread(values);
  const met = 'atLeast' in target ? measured.median >= target.atLeast : measured.median <= target.atMost;
  return { what, target, measured, met };
}

export function lineOf({ what, target, measured: { min, median, max }, met }: Figure): string {
  const wanted = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  const range = `${short(median)} (${short(min)} to ${short(max)})`;
  return `${what.padEnd(66)} ${range.padEnd(26)} ${wanted}${met ? '' : ': MISSED'}`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
