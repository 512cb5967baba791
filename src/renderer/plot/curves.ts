/** What a plot shows: curves over epochs, and lines across that they are compared with. */
import { valueOf, type Scale } from './scale.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  /** In the legend. */
  readonly name: string;
  /** Ascending in x. */
  readonly points: readonly Point[];
  /** 1 to 8: the token `--curve-N`. */
  readonly colour: number;
  /** Drawn thin and dotted: what is there for comparison. */
  readonly quiet?: boolean;
  /** A few letters at its end. */
  readonly label?: string;
}

export interface Line {
  readonly name: string;
  readonly y: number;
}

/**
 * Exponential moving average, corrected for its start as Adam's moments are (Kingma & Ba, 2015): the first value is
 * itself, whatever the smoothing.
 * @param smoothing share of the past, 0 to less than 1
 */
export function smoothed(points: readonly Point[], smoothing: number): readonly Point[] {
  if (smoothing === 0) return points;
  let [sum, weight] = [0, 0];
  return points.map(({ x, y }) => {
    sum = smoothing * sum + (1 - smoothing) * y;
    weight = smoothing * weight + (1 - smoothing);
    return { x, y: sum / weight };
  });
}

/** Every x that a curve has a value at, ascending. */
export function placesOf(curves: readonly Curve[]): number[] {
  return [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
}

/** The value of a curve at an x, where it has one. */
export function valueAt(points: readonly Point[], x: number | undefined): number | undefined {
  return points.find((point) => point.x === x)?.y;
}

/** The x nearest to a place on the scale; undefined where there is none. */
export function nearest(places: readonly number[], scale: Scale, share: number): number | undefined {
  const wanted = valueOf(scale, share);
  return places.reduce<number | undefined>(
    (best, x) => (best === undefined || Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best),
    undefined,
  );
}

/**
 * Moves labels apart so that none covers another, and none leaves the plot. Their order stays.
 * @param tops where they would be, in pixels; @param gap between two; @param bottom that the last may not pass
 */
export function spread(tops: readonly number[], gap: number, bottom: number): number[] {
  const order = [...tops.keys()].sort((a, b) => tops[a]! - tops[b]!);
  const placed = [...tops];
  order.forEach((i, place) => {
    const above = order[place - 1];
    placed[i] = Math.max(tops[i]!, above === undefined ? 0 : placed[above]! + gap);
  });
  for (let place = order.length - 1; place >= 0; place--) {
    const below = order[place + 1];
    const limit = below === undefined ? bottom : placed[below]! - gap;
    placed[order[place]!] = Math.min(placed[order[place]!]!, limit);
  }
  return placed;
}

/** What a screen reader says of a place: `epoch 12: validation 1.92 px, training 1.53 px`. */
export function readout(
  curves: readonly Curve[],
  x: number | undefined,
  { xName, unit }: { readonly xName: string; readonly unit: string },
): string {
  if (x === undefined) return 'no values yet';
  const values = curves.flatMap(({ name, points }) => {
    const value = valueAt(points, x);
    return value === undefined ? [] : [`${name} ${figure(value, unit)} ${unit}`.trim()];
  });
  return `${xName} ${x}: ${values.join(', ')}`;
}

/** Three digits that count: 12.3, 1.92, 0.00153, 5.02e-8. Errors in pixels have two after the point, as scores do. */
export function figure(value: number, unit = ''): string {
  const size = Math.abs(value);
  if (unit === 'px') return value.toFixed(2);
  if (size >= 100) return value.toFixed(0);
  return size > 0 && size < 0.001 ? value.toExponential(2) : Number(value.toPrecision(3)).toString();
}
