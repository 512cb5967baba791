/** What the network really gets to see, made by the code and the random streams of training. */
import { z } from 'zod';
import { type Augmentation, augmentationChanges } from '../domain/recipe.ts';
import { procedure } from './errors.ts';

const change = z.enum(augmentationChanges);

const sample = z.object({
  /** Base64 of one gray byte a pixel, row by row, `input` wide and high: what the network gets, with 2.6 standard deviations to either side (`standardise`) or 0 to 1 (`unit`) as 0 to 255. */
  pixels: z.string(),
  /** x, y of each keypoint in the schema's order, in pixels of the sample; null where it is missing or lost. */
  points: z.array(z.number().nullable()),
  /** The picture is a mirror image: points of mirror pairs have changed places. */
  mirrored: z.boolean(),
  /** Keypoints that have left the picture. */
  lost: z.array(z.number().int()),
});
export type AugmentedSample = z.infer<typeof sample>;

const size = z.object({ width: z.number().int(), height: z.number().int() });

const settings = {
  augmentation: z.custom<Augmentation>(),
  normalisation: z.enum(['standardise', 'unit']).default('standardise'),
  seed: z.number().int().min(0),
};

const offset = z.object({ x: z.number(), y: z.number() });

const samplesInput = z
  .object({
    ...settings,
    imageIds: z.array(z.number().int()).min(1).max(1000),
    variants: z.number().int().min(1).max(100),
    /** One change alone, by as much as in all together. */
    only: change.optional(),
  })
  .refine(({ imageIds, variants }) => imageIds.length * variants <= 2000, {
    error: 'at most 2,000 samples at once',
  });
export type SamplesInput = z.output<typeof samplesInput>;

const stepsInput = z.object({
  ...settings,
  imageId: z.number().int(),
  variant: z.number().int().min(0).default(0),
});
export type StepsInput = z.output<typeof stepsInput>;

export const augmentationContract = {
  /** Variant v (from 0) of an image is how a run with this seed and recipe sees it in epoch v + 1. */
  samples: procedure.input(samplesInput).output(
    z.object({
      input: size,
      images: z.array(z.object({ imageId: z.number().int(), original: sample, variants: z.array(sample) })),
      /** Of all variants: points that have left the picture, of those that there were. */
      lost: z.object({ points: z.number().int(), of: z.number().int() }),
    }),
  ),
  /** One sample, change by change: the first step is the picture before any, the last is the sample. */
  steps: procedure.input(stepsInput).output(
    z.object({
      input: size,
      steps: z.array(
        z.object({
          change: change.nullable(),
          /** What was drawn, by name: degrees, a factor, pixels, standard deviations. */
          amounts: z.record(z.string(), z.number()),
          /** Two rows of three: from (x, y, 1) in the picture to the place in the sample, all changes so far taken together. */
          matrix: z.array(z.array(z.number())),
          sample,
        }),
      ),
    }),
  ),
  /**
   * Whether mirrored points fall where mirrored pictures show the other side, over all labelled images: a wrong pair
   * looks like another keypoint, a mirror that is off shows it beside its place.
   */
  mirrorProof: procedure.output(
    z.object({
      pairs: z.array(
        z.object({
          keypoints: z.tuple([z.string(), z.string()]),
          /** Images that have both. */
          images: z.number().int(),
          /** Mean of (mirrored first - label of the second), in pixels: as far as faces are not in the middle, it isn't 0. */
          places: offset.nullable(),
          /** How far mirrored points lie from where the mirrored pictures show the other side, in pixels; null with too few images. */
          pictures: offset.nullable(),
          /** The keypoints that the points mirrored onto each look most like. */
          looksLike: z.tuple([z.string(), z.string()]).nullable(),
          /** They look like others: the pair is wrong, or many labels are. */
          wrong: z.boolean(),
        }),
      ),
      /** Mean of `pictures.x` over the pairs that are not wrong. */
      offset: z.number().nullable(),
      /** It is more than a third of a pixel: mirroring is off. */
      isOff: z.boolean(),
    }),
  ),
};
