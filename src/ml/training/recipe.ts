/** Recipes are plain JSON, checked strictly: an unknown key is an error, because it is a setting that would be ignored. */
import { z } from 'zod';
import { InputProblem } from '../../domain/problem.ts';
import { type Augmentation, noAugmentation, type Recipe } from '../../domain/recipe.ts';

const share = z.number().min(0).max(1);
const positive = z.number().positive();

const augmentationSchema = z.strictObject({
  mirror: share,
  rotation: z.number().min(0).max(180),
  scale: z.number().min(0).max(1),
  shift: z.number().min(0),
  contrast: share,
  brightness: share,
  noise: share,
  blur: z.number().min(0).max(0.8),
  cutOut: share,
});

const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), rate: positive }),
  z.strictObject({ kind: z.literal('step'), rate: positive, factor: positive, at: z.array(share) }),
  z.strictObject({ kind: z.literal('cosine'), rate: positive, warmUp: share, floor: share }),
]);

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), momentum: share, weightDecay: z.number().min(0) }),
  z.strictObject({
    kind: z.enum(['adam', 'adamw']),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    epsilon: positive,
    weightDecay: z.number().min(0),
  }),
]);

const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mse') }),
  z.strictObject({ kind: z.literal('huber'), delta: positive }),
  z.strictObject({ kind: z.literal('wing'), width: positive, curvature: positive }),
]);

const recipeSchema = z.strictObject({
  epochs: z.number().positive(),
  batchSize: z.int().positive(),
  optimizer: optimizerSchema,
  schedule: scheduleSchema,
  loss: lossSchema,
  augmentation: augmentationSchema,
  normalisation: z.enum(['standardise', 'unit']),
  patience: z.int().positive().nullable(),
  mirrorAtTest: z.boolean(),
  /** A run from before there was one starts others, too. */
  shiftAtTest: z.int().min(0).max(16).default(0),
});

/** @throws InputProblem naming the first setting that is wrong. */
export function parseRecipe(value: unknown): Recipe {
  return parsed(recipeSchema.safeParse(value), "The recipe's");
}

/** @throws InputProblem naming the first strength that is wrong. */
export function parseAugmentation(value: unknown): Augmentation {
  return parsed(augmentationSchema.safeParse(value), "The augmentation's");
}

function parsed<T>(result: z.ZodSafeParseResult<T>, whose: string): T {
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputProblem(`${whose} ${issue?.path.join('.') || 'content'} is not valid: ${issue?.message}.`);
}

/** How a recipe's predictions look at a picture. Runs from before there was a shift have none. */
export function viewsAtTest(recipe: Recipe): { readonly mirror: boolean; readonly shift: number } {
  const { mirrorAtTest: mirror = false, shiftAtTest: shift = 0 } = recipe as Partial<Recipe>;
  return { mirror, shift };
}

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
  shiftAtTest: 0,
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
    epochs: 200,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
    schedule: { kind: 'cosine', rate: 1e-2, warmUp: 0.02, floor: 0 },
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
    shiftAtTest: 3,
  },
} satisfies Record<string, Recipe>;
