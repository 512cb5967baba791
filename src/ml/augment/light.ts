/** Changes of a picture that leave its geometry alone. All work in place, [height, width]. */
import { randomStream } from '../../domain/random.ts';
import type { InputShape } from '../engine/engine.ts';
import type { Changes } from './changes.ts';

/** A draw from a table costs a hundredth of a normal draw; a random offset into it is random enough for pixels. */
const noiseTable = (() => {
  const random = randomStream(0x7ab1e);
  return Float32Array.from({ length: 1 << 16 }, () => random.normal());
})();

/**
 * Gaussian blur with standard deviation `sigma` <= 0.8 pixels: one pass along each axis with the taps
 * (sigma² / 2, 1 - sigma², sigma² / 2), whose variance is sigma²; beyond the edge its pixels go on.
 */
export function blur(picture: Float32Array, sigma: number, { width, height }: InputShape): void {
  blurLines(picture, sigma, { lines: height, nextLine: width, length: width, next: 1 });
  blurLines(picture, sigma, { lines: width, nextLine: 1, length: height, next: width });
}

function blurLines(
  picture: Float32Array,
  sigma: number,
  { lines, nextLine, length, next }: { lines: number; nextLine: number; length: number; next: number },
): void {
  const side = (sigma * sigma) / 2;
  for (let line = 0; line < lines; line++) {
    let at = line * nextLine;
    let before = picture[at]!;
    let value = before;
    for (let i = 1; i <= length; i++, at += next) {
      const after = i < length ? picture[at + next]! : value;
      picture[at] = value + side * (before + after - 2 * value);
      before = value;
      value = after;
    }
  }
}

/**
 * Multiplies by `contrast` about the picture's mean, adds `brightness` and noise with standard deviation `deviation`, both
 * in the picture's own units. `start` in [0, 1) names the noise.
 */
export function relight(
  picture: Float32Array,
  { contrast, brightness, noise }: Pick<Changes, 'contrast' | 'brightness' | 'noise'>,
): void {
  const { deviation, start } = noise;
  const offset = mean(picture) * (1 - contrast) + brightness;
  if (deviation === 0) {
    for (let i = 0; i < picture.length; i++) picture[i] = picture[i]! * contrast + offset;
    return;
  }
  const first = Math.floor(start * noiseTable.length);
  for (let i = 0; i < picture.length; i++)
    picture[i] =
      picture[i]! * contrast + offset + deviation * noiseTable[(first + i) & (noiseTable.length - 1)]!;
}

/** Paints the picture's mean over a square of `side` pixels about (x, y), as far as it lies in the picture. */
export function cutOut(
  picture: Float32Array,
  { x, y, side }: Changes['cutOut'],
  { width, height }: InputShape,
): void {
  const paint = mean(picture);
  const from = (middle: number) => Math.max(0, Math.round(middle - side / 2));
  const to = (middle: number, end: number) => Math.min(end, Math.round(middle + side / 2));
  for (let row = from(y); row < to(y, height); row++)
    picture.fill(paint, row * width + from(x), row * width + Math.max(from(x), to(x, width)));
}

function mean(picture: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < picture.length; i++) sum += picture[i]!;
  return sum / picture.length;
}
