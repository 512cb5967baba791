/** Submissions to the competition: what one would be before it is written, those that were, and what they got. */
import { z } from 'zod';
import { procedure } from './errors.ts';
import { point, rmse, runReference } from './runs.ts';

/** How many values lie from each edge to the next, which the last one reaches. */
const histogram = z.object({ edges: z.array(z.number()), counts: z.array(z.number().int()) });
export type Histogram = z.infer<typeof histogram>;

const check = z.object({
  name: z.string(),
  /** A `remark` is for a person to judge; what has `failed` keeps the submission from being written. */
  outcome: z.enum(['passed', 'remark', 'failed']),
  /** In words. */
  found: z.string(),
});

const submittedFace = z.object({
  imageId: z.number().int(),
  sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** The test table's name for the image. */
  key: z.string(),
  /** In the schema's order, in pixels of the image; null for what is not asked for or not predicted. */
  points: z.array(point.nullable()),
  /** The same of the submission that this one is compared with. */
  before: z.array(point.nullable()).nullable(),
  /** RMS of the changes of its values in pixels. */
  change: z.number().nullable(),
});
export type SubmittedFace = z.infer<typeof submittedFace>;

const preview = z.object({
  runId: z.number().int(),
  rows: z.number().int(),
  images: z.number().int(),
  /** Values without a prediction. */
  missing: z.number().int(),
  /** Values that lie outside the picture and are moved to its border. */
  clipped: z.number().int(),
  checks: z.array(check),
  /** Of all values, in pixels. */
  values: histogram,
  /** Against an earlier submission; null where there is none. */
  difference: z
    .object({
      submission: z.number().int(),
      runId: z.number().int(),
      /** Whether its file is known to the last digit: its run still predicts what was written. */
      exact: z.boolean(),
      /** Values that are written otherwise, and those that move by more than a pixel. */
      moved: z.number().int(),
      movedFar: z.number().int(),
      /** RMS of the changes over all rows, and the largest, in pixels. */
      rms: z.number(),
      largest: z.number(),
      /** Of the changes' lengths. */
      changes: histogram,
    })
    .nullable(),
  /** Those that change most, else some of all. */
  faces: z.array(submittedFace),
});
export type SubmissionPreview = z.infer<typeof preview>;

const submission = z.object({
  id: z.number().int(),
  createdAt: z.string(),
  runId: z.number().int(),
  network: z.string(),
  /** As people know the file: its path, or its name where a browser took it. */
  path: z.string(),
  sha256: z.string(),
  rows: z.number().int(),
  clipped: z.number().int(),
  /** What the competition gave it, as a person typed it in. */
  score: rmse.nullable(),
  /** What the run reaches in its own validation, with the 95 % interval. */
  validation: z.object({ rmse, low: rmse, high: rmse }).nullable(),
  /** The labels' own, which no run can be expected to get below. */
  labelNoise: rmse.nullable(),
});
export type SubmissionView = z.infer<typeof submission>;

export const submissionsContract = {
  /** What it would be. @param against an earlier submission's number; by default the last one */
  preview: procedure
    .input(z.object({ run: runReference, against: z.number().int().optional() }))
    .output(preview),
  /** Those that were written, the latest first. */
  list: procedure.output(z.array(submission)),
  /** Keeps what the competition gave a submission. @param score null takes it back */
  score: procedure
    .input(z.object({ id: z.number().int(), score: z.number().positive().nullable() }))
    .output(z.array(submission)),
};
