/**
 * A recipe says how a network is trained: everything but the network, the data and the seed.
 * It is plain JSON, checked strictly: an unknown key is an error, because it is a setting that would be ignored.
 */
import { z } from 'zod';

import { InputProblem } from '../../domain/problem.ts';

const share = z.number().min(0).max(1);
const positive = z.number().positive();

/**
 * Strength 0 turns a change off; each sample draws its own amount. Contrast, brightness and noise change the normalised
 * picture, so their units are its own: standard deviations of the picture for `standardise`, full scale for `unit`.
 */
const augmentationSchema = z.strictObject({
  /** Probability of the mirror image, with swapped pairs. */
  mirror: share,
  /** Largest angle to either side, in degrees. */
  rotation: z.number().min(0).max(180),
  /** Largest change of size: 0.1 draws a factor from 1/1.1 to 1.1. */
  scale: z.number().min(0).max(1),
  /** Largest shift along each axis, in pixels of the network's input. */
  shift: z.number().min(0),
  /** Largest change of contrast around the picture's mean: 0.2 draws a factor from 0.8 to 1.2. */
  contrast: share,
  /** Largest change of brightness. */
  brightness: share,
  /** Largest standard deviation of Gaussian noise. */
  noise: share,
  /** Largest standard deviation of the blur, in pixels. Its kernel has three taps, which reach no further than 0.8. */
  blur: z.number().min(0).max(0.8),
  /** Largest side of a square painted in the picture's mean, as a share of the picture's side. */
  cutOut: share,
});

/** `rate` is the learning rate at its peak; all but `constant` are functions of the share of steps done. */
const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), rate: positive }),
  /** The rate is multiplied by `factor` at each of the shares of the run named by `at`. */
  z.strictObject({ kind: z.literal('step'), rate: positive, factor: positive, at: z.array(share) }),
  /** Rises linearly over the first `warmUp` of the run, then falls along half a cosine to `floor` times the rate. */
  z.strictObject({ kind: z.literal('cosine'), rate: positive, warmUp: share, floor: share }),
]);

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), momentum: share, weightDecay: z.number().min(0) }),
  z.strictObject({
    kind: z.enum(['adam', 'adamw']),
    beta1: share,
    beta2: share,
    epsilon: positive,
    weightDecay: z.number().min(0),
  }),
]);

const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mse') }),
  /** Quadratic up to `delta` pixels, linear beyond: a wrong label pulls no harder than that. */
  z.strictObject({ kind: z.literal('huber'), delta: positive }),
]);

const recipeSchema = z.strictObject({
  epochs: z.number().positive(),
  batchSize: z.int().positive(),
  optimizer: optimizerSchema,
  schedule: scheduleSchema,
  loss: lossSchema,
  augmentation: augmentationSchema,
  /** `standardise`: each picture to mean 0 and standard deviation 1. `unit`: 0..255 to 0..1. */
  normalisation: z.enum(['standardise', 'unit']),
  /** Epochs without a better validation RMSE after which training ends; null never ends early. */
  patience: z.int().positive().nullable(),
  /** Whether predictions are averaged with those for the mirror image. */
  mirrorAtTest: z.boolean(),
});

export type Augmentation = z.infer<typeof augmentationSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
export type Normalisation = Recipe['normalisation'];
export type Recipe = z.infer<typeof recipeSchema>;

/** @throws InputProblem naming the first setting that is wrong. */
export function parseRecipe(value: unknown): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputProblem(
    `The recipe's ${issue?.path.join('.') || 'content'} is not valid: ${issue?.message}.`,
  );
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

/** As the competition's tutorials train, except that rows with missing keypoints take part, masked. */
const tutorial: Recipe = {
  epochs: 30,
  batchSize: 64,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  schedule: { kind: 'constant', rate: 1e-3 },
  loss: { kind: 'mse' },
  augmentation: noAugmentation,
  normalisation: 'unit',
  patience: null,
  mirrorAtTest: true,
};

/** The recipe that goes with each preset network. */
export const presetRecipes = {
  mlp: {
    ...tutorial,
    epochs: 60,
    optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
    schedule: { kind: 'constant', rate: 0.01 },
  },
  lenet5: tutorial,
  default: {
    ...tutorial,
    epochs: 60,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    schedule: { kind: 'cosine', rate: 2e-3, warmUp: 0.02, floor: 0 },
    loss: { kind: 'huber', delta: 1 },
    augmentation: {
      mirror: 0.5,
      rotation: 20,
      scale: 0.18,
      shift: 8,
      contrast: 0.2,
      brightness: 0.1,
      noise: 0,
      blur: 0,
      cutOut: 0,
    },
    normalisation: 'standardise',
  },
} satisfies Record<string, Recipe>;
