import type { Random } from '../../domain/random.ts';
import type { InputShape } from '../engine/engine.ts';
import type { Augmentation, Normalisation } from '../../domain/recipe.ts';
import { drawAffine, movePoints, warpPixels } from './affine.ts';
import { blur, cutOut, relight } from './light.ts';
import { normalise } from './normalise.ts';

export interface AugmentSettings {
  readonly input: InputShape;
  readonly augmentation: Augmentation;
  readonly normalisation: Normalisation;
  /** As mirrorPermutation gives it. */
  readonly permutation: readonly number[];
}

/**
 * Changes one training sample as the recipe says and normalises it.
 * @param pixels gray, [height, width] of the input
 * @param points [keypoints, 2] in pixels, NaN where missing
 * @param random decides everything that is drawn; the number of draws is always the same
 * @param picture receives the network's input, [height, width]
 * @param moved receives the points, [keypoints, 2]; NaN where missing or outside the changed picture
 */
export function augment(
  pixels: Uint8Array,
  points: Float32Array,
  { input, augmentation, normalisation, permutation }: AugmentSettings,
  random: Random,
  picture: Float32Array,
  moved: Float32Array,
): void {
  const either = () => 2 * random.uniform() - 1;

  const affine = drawAffine(augmentation, random);
  warpPixels(pixels, affine, input, picture);
  movePoints(points, affine, permutation, input, moved);

  const sigma = random.uniform() * augmentation.blur;
  if (sigma > 0) blur(picture, sigma, input);

  // After normalisation, which would undo a change of contrast and brightness.
  normalise(picture, normalisation);
  const light = {
    contrast: 1 + either() * augmentation.contrast,
    brightness: either() * augmentation.brightness,
    noise: random.uniform() * augmentation.noise,
    noiseStart: random.uniform(),
  };
  if (augmentation.contrast || augmentation.brightness || augmentation.noise) relight(picture, light);

  const square = {
    x: random.uniform() * input.width,
    y: random.uniform() * input.height,
    side: random.uniform() * augmentation.cutOut * Math.min(input.width, input.height),
  };
  if (square.side > 0) cutOut(picture, square, input);
}
