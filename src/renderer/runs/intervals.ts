/** Changes with their intervals, as they are drawn and said. */
import { signed } from '../frame/format.ts';

export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** `better` and `worse` where the 95 % interval holds no 0. */
export function finding({ low, high }: Interval): 'better' | 'worse' | 'no clear change' {
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'no clear change';
}

/** `−0.12 (−0.20 to −0.04)` */
export const intervalText = ({ difference, low, high }: Interval): string =>
  `${signed(difference, 2)} (${signed(low, 2)} to ${signed(high, 2)})`;

/** The largest amount that any of the intervals reaches: what their common scale has to show. */
export const reachOf = (intervals: readonly Interval[]): number =>
  Math.max(0.01, ...intervals.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
