import type { Augmentation } from '../../src/domain/recipe.ts';

/** What costs the data path most. */
export const everyChange: Augmentation = {
  mirror: 0.5,
  rotation: 15,
  scale: 0.15,
  shift: 6,
  contrast: 0.2,
  brightness: 0.1,
  noise: 0.03,
  blur: 0.8,
  cutOut: 0.3,
};
