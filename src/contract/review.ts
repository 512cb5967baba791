/** What a run says beside what labels say. Errors are in pixels of the network's input, places in pixels of the image. */
import { z } from 'zod';
import { imageFilter } from './cells.ts';
import { procedure } from './errors.ts';
import { imageView } from './images.ts';
import { point, rmse, runReference, within } from './runs.ts';

/** `worst`: largest error first; `disagreement`: an ensemble's members and mirrored passes farthest apart first. */
const reviewOrder = z.enum(['worst', 'disagreement', 'added']);
export type ReviewOrder = z.infer<typeof reviewOrder>;

/** Images as the review shows them: those of which the run has said something. */
const reviewSelection = z.object({
  run: runReference,
  filter: imageFilter.default({}),
  order: reviewOrder.default('worst'),
  /** The only one that the order goes by. */
  keypoint: z.number().int().min(0).optional(),
  reversed: z.boolean().default(false),
});
export type ReviewSelection = z.input<typeof reviewSelection>;
export type ReviewRequest = z.output<typeof reviewSelection>;

/** Whether the run has learned from the image, has held it out, or has not seen it. */
export const heldStates = ['unseen', 'training', 'validation'] as const;

const reviewedImage = imageView.extend({
  /** In the schema's order. */
  placed: z.array(point),
  /** How far passes are apart, by keypoint; null where it is not known. */
  spread: z.array(z.number()).nullable(),
  /** In the schema's order. */
  within: z.array(within),
  held: z.enum(heldStates),
});
export type ReviewedImage = z.infer<typeof reviewedImage>;

const cumulative = z.array(z.object({ pixels: z.number(), share: z.number() }));

const summary = z.object({
  /** With labels and a prediction, and how many of these the run has held out, learned from, or not seen. */
  images: z.number().int(),
  held: z.record(z.enum(heldStates), z.number().int()),
  rmse: rmse.nullable(),
  /** In the schema's order. Errors go from label to prediction. */
  keypoints: z.array(
    z.object({
      labels: z.number().int(),
      rmse: rmse.nullable(),
      /** Mean error, and its standard deviation along each axis. */
      bias: point.nullable(),
      spread: point.nullable(),
      /** Mean place of the labels, as shares of the picture's sides. */
      place: point.nullable(),
    }),
  ),
  /** Mirror pairs: images that have both, and those of them where the prediction fits the sides better the other way round. */
  sides: z.array(
    z.object({
      keypoints: z.tuple([z.number().int(), z.number().int()]),
      images: z.number().int(),
      swapped: z.array(z.number().int()),
    }),
  ),
  /** Share of keypoints at most so many pixels off. */
  cumulative,
  /** The same of people who labelled points a second time without seeing them; null where nobody has. */
  floor: z.object({ answers: z.number().int(), rmse, cumulative }).nullable(),
  /** Errors of a fifth of the images each, by what a picture is like. */
  factors: z.array(
    z.object({
      /** `sharpness`: log10 of the variance of the Laplacian; `brightness`: mean gray; `turn`: of the head, the middle points' distance from between the pairs, in half widths of these; `tilt`: degrees. */
      name: z.enum(['sharpness', 'brightness', 'turn', 'tilt']),
      bins: z.array(z.object({ low: z.number(), high: z.number(), images: z.number().int(), rmse })),
    }),
  ),
});
export type ReviewSummary = z.infer<typeof summary>;

export const reviewContract = {
  /** All images shown, in their order: whoever goes through them keeps it while labels change. */
  order: procedure.input(reviewSelection).output(
    z.object({
      ids: z.array(z.number().int()),
      /** Images that the filter asks for and of which the run has said nothing yet, or not how sure it is. */
      unplaced: z.number().int(),
    }),
  ),
  /** In the order asked for; those of which the run has said nothing are left out. */
  images: procedure
    .input(z.object({ run: runReference, ids: z.array(z.number().int()).max(200) }))
    .output(z.array(reviewedImage)),
  summary: procedure.input(reviewSelection.pick({ run: true, filter: true })).output(summary),
};
