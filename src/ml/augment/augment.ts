import type { Random } from '../../domain/random.ts';
import type { Augmentation, Normalisation } from '../../domain/recipe.ts';
import type { InputShape } from '../engine/engine.ts';
import { movePoints, warpPixels } from './affine.ts';
import { type Changes, drawChanges } from './changes.ts';
import { blur, cutOut, relight } from './light.ts';
import { normalise } from './normalise.ts';

export interface SampleSettings {
  readonly input: InputShape;
  readonly normalisation: Normalisation;
  /** As mirrorPermutation gives it. */
  readonly permutation: readonly number[];
}

export interface AugmentSettings extends SampleSettings {
  readonly augmentation: Augmentation;
}

/**
 * Changes a picture and normalises it.
 * @param pixels gray, [height, width] of the input
 * @param picture receives the network's input, [height, width]
 */
export type ChangePixels = (
  pixels: Uint8Array,
  changes: Changes,
  settings: Pick<SampleSettings, 'input' | 'normalisation'>,
  picture: Float32Array,
) => void;

/** For whatever size comes; a run's thread changes its pictures with that of pixel-kernel.ts. */
export const changePixels: ChangePixels = (pixels, changes, { input, normalisation }, picture) => {
  const { contrast, brightness, noise } = changes;
  warpPixels(pixels, changes.affine, input, picture);
  if (changes.blur > 0) blur(picture, changes.blur, input);
  // Light after normalisation, which would undo a change of contrast and brightness.
  normalise(picture, normalisation);
  if (contrast !== 1 || brightness !== 0 || noise.deviation !== 0)
    relight(picture, { contrast, brightness, noise });
  if (changes.cutOut.side > 0) cutOut(picture, changes.cutOut, input);
};

/**
 * Changes one training sample and normalises it.
 * @param pixels gray, [height, width] of the input
 * @param points [keypoints, 2] in pixels, NaN where missing
 * @param picture receives the network's input, [height, width]
 * @param moved receives the points, [keypoints, 2]; NaN where missing or outside the changed picture
 */
export function applyChanges(
  pixels: Uint8Array,
  points: Float32Array,
  changes: Changes,
  settings: SampleSettings,
  picture: Float32Array,
  moved: Float32Array,
  change = changePixels,
): void {
  change(pixels, changes, settings, picture);
  movePoints(points, changes.affine, settings.permutation, settings.input, moved);
}

/** Changes one training sample as the recipe says; `random` decides everything that is drawn. As applyChanges. */
export function augment(
  pixels: Uint8Array,
  points: Float32Array,
  settings: AugmentSettings,
  random: Random,
  picture: Float32Array,
  moved: Float32Array,
  change = changePixels,
): void {
  const changes = drawChanges(settings.augmentation, settings.input, random);
  applyChanges(pixels, points, changes, settings, picture, moved, change);
}
