import type { Normalisation } from '../../domain/recipe.ts';

/** A picture whose standard deviation is below one gray level is divided by 1, not by (nearly) nothing. */
export const leastDeviation = 1;

/**
 * Turns gray values (0..255) into what the network reads, in place. Training, evaluation, prediction and the exported
 * model all normalise so.
 * `standardise`: (value - mean) / max(1, standard deviation), both of this picture. `unit`: value / 255.
 */
export function normalise(picture: Float32Array, kind: Normalisation): void {
  const size = picture.length;
  if (kind === 'unit') {
    for (let i = 0; i < size; i++) picture[i]! /= 255;
    return;
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const value = picture[i]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / size;
  const scale = 1 / Math.max(leastDeviation, Math.sqrt(Math.max(0, squares / size - mean * mean)));
  for (let i = 0; i < size; i++) picture[i] = (picture[i]! - mean) * scale;
}
