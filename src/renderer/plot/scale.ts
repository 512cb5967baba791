/** Scales of a plot: from values to places, and the values that are worth a line. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

/**
 * A scale that shows all values with a little room at both ends.
 * @param log asked for; where a value is not positive the scale is linear
 */
export function scaleOf(values: readonly number[], log: boolean): Scale {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { low: 0, high: 1, log: false };
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (log && least > 0) {
    const room = Math.max(1.03, (most / least) ** 0.04);
    return { low: least / room, high: most * room, log: true };
  }
  const room = 0.04 * (most - least) || Math.abs(most) / 10 || 1;
  return { low: least >= 0 ? Math.max(0, least - room) : least - room, high: most + room, log: false };
}

/** Where a value lies, 0 at the scale's low end and 1 at the high one. */
export function shareOf({ low, high, log }: Scale, value: number): number {
  if (log) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** The value at a place: the inverse of shareOf. */
export function valueOf({ low, high, log }: Scale, share: number): number {
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/** Round values within a scale, at most about so many. */
export function ticksOf(scale: Scale, most: number): number[] {
  return scale.log ? logTicks(scale, most) : linearTicks(scale, most);
}

function linearTicks({ low, high }: Scale, most: number): number[] {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => rounded((first + i) * step));
}

/** As dense as they may be: every tenth, 1 2 5, then 1 to 9. Where the scale spans little, steps are as on a linear one. */
function logTicks(scale: Scale, most: number): number[] {
  const from = Math.floor(Math.log10(scale.low));
  const to = Math.ceil(Math.log10(scale.high));
  const within = (digits: readonly number[]) =>
    Array.from({ length: to - from + 1 }, (_, i) => digits.map((digit) => rounded(digit * 10 ** (from + i))))
      .flat()
      .filter((value) => value >= scale.low && value <= scale.high);
  const choices = [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5], [1, 3], [1]].map(within);
  const fitting = choices.find((ticks) => ticks.length <= most) ?? choices.at(-1)!;
  return fitting.length < 3 ? linearTicks(scale, most) : fitting;
}

/** 0.30000000000000004 is 0.3. */
const rounded = (value: number) => Number(value.toPrecision(12));

/** 0.002, 1.5, 30, 4.5k: a tick as short as it can be written. */
export const tickText = (value: number): string =>
  Math.abs(value) >= 1000 ? `${rounded(value / 1000)}k` : String(value);
