/** What augmentation does to one sample: drawn first, then applied (augment.ts). */
import type { Random } from '../../domain/random.ts';
import { type Augmentation, type AugmentationChange, augmentationChanges } from '../../domain/recipe.ts';
import type { InputShape } from '../engine/engine.ts';
import { type Affine, drawAffine, unmoved } from './affine.ts';

export interface Changes {
  readonly affine: Affine;
  /** Standard deviation in pixels. */
  readonly blur: number;
  /** A factor. */
  readonly contrast: number;
  readonly brightness: number;
  readonly noise: { readonly deviation: number; readonly start: number };
  /** A square about (x, y), in pixels. */
  readonly cutOut: { readonly x: number; readonly y: number; readonly side: number };
}

/** Always takes the same number of draws, so that one strength does not change what the others draw. */
export function drawChanges(
  augmentation: Augmentation,
  { width, height }: InputShape,
  random: Random,
): Changes {
  const either = () => 2 * random.uniform() - 1;
  // In this order, which names what each draw decides.
  return {
    affine: drawAffine(augmentation, random),
    blur: random.uniform() * augmentation.blur,
    contrast: 1 + either() * augmentation.contrast,
    brightness: either() * augmentation.brightness,
    noise: { deviation: random.uniform() * augmentation.noise, start: random.uniform() },
    cutOut: {
      x: random.uniform() * width,
      y: random.uniform() * height,
      side: random.uniform() * augmentation.cutOut * Math.min(width, height),
    },
  };
}

const none: Changes = {
  affine: unmoved,
  blur: 0,
  contrast: 1,
  brightness: 0,
  noise: { deviation: 0, start: 0 },
  cutOut: { x: 0, y: 0, side: 0 },
};

/** The first changes of a sample, up to one of them; none where none is named. */
export function changesUpTo(last?: AugmentationChange, changes = none): Changes {
  const count = last === undefined ? 0 : augmentationChanges.indexOf(last) + 1;
  return augmentationChanges.slice(0, count).reduce((before, name) => taken(name, changes, before), none);
}

/** `before` with one change of `from`. */
function taken(name: AugmentationChange, from: Changes, before: Changes): Changes {
  const { mirrored, angle, scale, shiftX, shiftY } = from.affine;
  switch (name) {
    case 'mirror':
      return { ...before, affine: { ...before.affine, mirrored } };
    case 'rotation':
      return { ...before, affine: { ...before.affine, angle } };
    case 'scale':
      return { ...before, affine: { ...before.affine, scale } };
    case 'shift':
      return { ...before, affine: { ...before.affine, shiftX, shiftY } };
    default:
      return { ...before, [name]: from[name] };
  }
}
