/** Values of a layer as colours. */
import { diverging, viridis } from '../faces/scale.ts';

/** What the colours of a picture stand for. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
  /** Some are below 0: colours go two ways from there, as far on either side. Else they go up from 0. */
  readonly signed: boolean;
}

export function rangeOf(values: ArrayLike<number>): Range {
  let [lowest, highest] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest, signed: lowest < 0 };
}

/** The largest amount that a colour stands for; never 0. */
export const extentOf = ({ lowest, highest }: Range): number => Math.max(-lowest, highest) || 1;

/**
 * RGBA, one pixel for each value.
 * @param over something else: the smaller the amount, the more one sees through
 */
export function colourPixels(
  values: ArrayLike<number>,
  range: Range,
  { over = false } = {},
): Uint8ClampedArray<ArrayBuffer> {
  const table = range.signed ? signedTable() : plainTable();
  const extent = extentOf(range);
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const share = values[i]! / extent;
    const index = Math.round(255 * (range.signed ? (share + 1) / 2 : share));
    pixels.set(table[Math.min(255, Math.max(0, index))]!, 4 * i);
    pixels[4 * i + 3] = over ? 40 + 180 * Math.min(1, Math.abs(share)) : 255;
  }
  return pixels;
}

/** RGBA of weights that meet pixels, as pixels: 0 is middle gray, black takes brightness away, white adds it. */
export function weightPixels(weights: ArrayLike<number>, range: Range): Uint8ClampedArray<ArrayBuffer> {
  const extent = extentOf(range);
  const pixels = new Uint8ClampedArray(4 * weights.length);
  for (let i = 0; i < weights.length; i++) {
    const gray = 127.5 * (1 + weights[i]! / extent);
    pixels.set([gray, gray, gray, 255], 4 * i);
  }
  return pixels;
}

const steps = Array.from({ length: 256 }, (_, i) => i / 255);
const plainTable = once(() => steps.map((share) => viridis(share)));
const signedTable = once(() => steps.map((share) => diverging(2 * share - 1)));

/** So many colours are worked out once, not for every value. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
