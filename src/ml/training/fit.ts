/** Pictures of any size brought to the size that networks read, and points brought back. */
import type { Points } from '../../domain/points.ts';
import type { InputShape } from '../engine/engine.ts';
import type { Picture } from './messages.ts';

/** Every network reads pictures of this size: the competition's. */
export const networkInput: InputShape = { width: 96, height: 96 };

/** From a picture's pixels to the input's: scaled about pixel edges, then shifted to the middle. */
export interface Fit {
  readonly scale: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** The largest fit that keeps the picture whole and its proportions. A picture of the input's size stays as it is. */
export function fitOf({ width, height }: InputShape, input: InputShape): Fit {
  const scale = Math.min(input.width / width, input.height / height);
  return {
    scale,
    shiftX: (input.width - width * scale) / 2,
    shiftY: (input.height - height * scale) / 2,
  };
}

/** Points of the picture in the input's pixels. */
export function pointsToInput(points: Points, { scale, shiftX, shiftY }: Fit): Points {
  return points.map((value, i) => (value + 0.5) * scale - 0.5 + (i % 2 === 0 ? shiftX : shiftY));
}

/** The inverse of pointsToInput. */
export function pointsToPicture(points: Points, { scale, shiftX, shiftY }: Fit): Points {
  return points.map((value, i) => (value + 0.5 - (i % 2 === 0 ? shiftX : shiftY)) / scale - 0.5);
}

/**
 * Draws a picture at the input's size: linear interpolation when it grows, when it shrinks with a triangle as wide as
 * that takes, so that nothing is skipped. Beside the picture its edge goes on. [height, width] of the input.
 */
export function fitPixels({ width, height, pixels }: Picture, input: InputShape): Uint8Array {
  if (width === input.width && height === input.height) return Uint8Array.from(pixels);
  const fit = fitOf({ width, height }, input);
  const columns = tapsAlong(input.width, width, fit.scale, fit.shiftX);
  const rows = tapsAlong(input.height, height, fit.scale, fit.shiftY);
  const narrowed = new Float32Array(height * input.width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < input.width; x++)
      for (const { at, weight } of columns[x]!)
        narrowed[y * input.width + x]! += weight * pixels[y * width + at]!;
  const fitted = new Uint8Array(input.width * input.height);
  for (let y = 0; y < input.height; y++)
    for (let x = 0; x < input.width; x++) {
      let sum = 0;
      for (const { at, weight } of rows[y]!) sum += weight * narrowed[at * input.width + x]!;
      fitted[y * input.width + x] = Math.round(sum);
    }
  return fitted;
}

/** For each pixel along one side of the input the picture's pixels that it is made of; the weights add up to 1. */
function tapsAlong(
  to: number,
  from: number,
  scale: number,
  shift: number,
): { at: number; weight: number }[][] {
  const reach = Math.max(1, 1 / scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(from - 1, Math.max(0, (i + 0.5 - shift) / scale - 0.5));
    const taps: { at: number; weight: number }[] = [];
    for (let at = Math.ceil(centre - reach); at <= centre + reach; at++) {
      const weight = 1 - Math.abs(at - centre) / reach;
      if (weight > 0) taps.push({ at: Math.min(from - 1, Math.max(0, at)), weight });
    }
    const sum = taps.reduce((total, { weight }) => total + weight, 0);
    return taps.map(({ at, weight }) => ({ at, weight: weight / sum }));
  });
}
