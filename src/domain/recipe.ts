/** How a network is trained: everything but the network, the data and the seed. ml/training/recipe.ts checks one. */

/** The changes of a sample, in the order in which they are made. */
export const augmentationChanges = [
  'mirror',
  'rotation',
  'scale',
  'shift',
  'blur',
  'contrast',
  'brightness',
  'noise',
  'cutOut',
] as const;
export type AugmentationChange = (typeof augmentationChanges)[number];

/**
 * Strength 0 turns a change off; each sample draws its own amount. Contrast, brightness and noise change the normalised
 * picture, so their units are its own: standard deviations of the picture for `standardise`, full scale for `unit`.
 */
export interface Augmentation {
  /** Probability of the mirror image, with swapped pairs. */
  readonly mirror: number;
  /** Largest angle to either side, in degrees. */
  readonly rotation: number;
  /** Largest change of size: 0.1 draws a factor from 1/1.1 to 1.1. */
  readonly scale: number;
  /** Largest shift along each axis, in pixels of the network's input. */
  readonly shift: number;
  /** Largest change of contrast around the picture's mean: 0.2 draws a factor from 0.8 to 1.2. */
  readonly contrast: number;
  /** Largest change of brightness. */
  readonly brightness: number;
  /** Largest standard deviation of Gaussian noise. */
  readonly noise: number;
  /** Largest standard deviation of the blur, in pixels. Its kernel has three taps, which reach no further than 0.8. */
  readonly blur: number;
  /** Largest side of a square painted in the picture's mean, as a share of the picture's side. */
  readonly cutOut: number;
}

/** No augmentation at all. */
export const noAugmentation: Augmentation = {
  mirror: 0,
  rotation: 0,
  scale: 0,
  shift: 0,
  contrast: 0,
  brightness: 0,
  noise: 0,
  blur: 0,
  cutOut: 0,
};

/** `rate` is the learning rate at its peak; all but `constant` are functions of the share of steps done. */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** The rate is multiplied by `factor` at each of the shares of the run named by `at`. */
  | {
      readonly kind: 'step';
      readonly rate: number;
      readonly factor: number;
      readonly at: readonly number[];
    }
  /** Rises linearly over the first `warmUp` of the run, then falls along half a cosine to `floor` times the rate. */
  | { readonly kind: 'cosine'; readonly rate: number; readonly warmUp: number; readonly floor: number };

type Optimizer =
  | { readonly kind: 'sgd'; readonly momentum: number; readonly weightDecay: number }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

type Loss =
  | { readonly kind: 'mse' }
  /** Quadratic up to `delta` pixels, linear beyond: a wrong label pulls no harder than that. */
  | { readonly kind: 'huber'; readonly delta: number }
  /**
   * Wing (Feng et al. 2018): within `width` pixels a logarithm, the steeper near 0 the smaller `curvature` (in pixels) is,
   * linear beyond: small errors count for more than with Huber.
   */
  | { readonly kind: 'wing'; readonly width: number; readonly curvature: number };

/** `standardise`: each picture to mean 0 and standard deviation 1. `unit`: 0..255 to 0..1. */
export type Normalisation = 'standardise' | 'unit';

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly loss: Loss;
  readonly augmentation: Augmentation;
  readonly normalisation: Normalisation;
  /** Epochs without a better validation RMSE after which training ends; null never ends early. */
  readonly patience: number | null;
  /** Whether predictions are averaged with those for the mirror image. */
  readonly mirrorAtTest: boolean;
  /** Predictions are averaged with those for the picture moved by so many pixels along a diagonal, both ways; 0 for none. */
  readonly shiftAtTest: number;
}
