/** Labels that are probably wrong, and what people say of them. */
import { z } from 'zod';
import { cell } from './cells.ts';
import { procedure } from './errors.ts';
import { imageView } from './images.ts';
import { changing, labelChange, changedCell, inWorkspace } from './labels.ts';
import { point, runReference } from './runs.ts';

const suspect = z.object({
  image: imageView,
  /** Where it stands in the sources, as a person counts rows. */
  rows: z.array(z.object({ file: z.string(), row: z.number().int() })),
  /** `swapped`: left and right; `shifted`: all points are off by about the same; `far`: single points are. */
  kind: z.enum(['swapped', 'shifted', 'far']),
  /** The keypoint that is worst off, and all that seem wrong. */
  keypoint: z.number().int(),
  keypoints: z.array(z.number().int()),
  /** In words. */
  reason: z.string(),
  /** How far the label is, over what is usual for the keypoint; deviations from the shape of faces are added. */
  score: z.number(),
  /** From the label to where the keypoint should be, and how far that usually is: in pixels of the network's input. */
  pixels: z.number(),
  usual: z.number(),
  /** Where that says the keypoints are, in pixels of the image; null where it cannot say. It has not learned from this image. */
  expected: z.array(point.nullable()),
  /** Position among `sources` of what says so. */
  source: z.number().int(),
  /** What the run itself says, which may have learned from the image; null where it has said nothing of it yet. */
  predicted: z.array(point).nullable(),
});
export type SuspectView = z.infer<typeof suspect>;

export const suspectsContract = {
  /** The most suspicious first, each image once; labels that somebody has looked at and found right are none. */
  list: procedure
    .input(z.object({ run: runReference, limit: z.number().int().min(1).max(500).default(100) }))
    .output(
      z.object({
        runId: z.number().int(),
        /** Images with labels that something can be said of. */
        judged: z.number().int(),
        /** What says so: a run where it held images out, else PCA + ridge that has learned from other people only. */
        sources: z.array(
          z.object({
            /** Null for PCA + ridge. */
            runId: z.number().int().nullable(),
            images: z.number().int(),
          }),
        ),
        suspects: z.array(suspect),
      }),
    ),
  /** Changes labels, or leaves them as they are, and remembers that somebody has looked at them: where they are then they are right. All or nothing. */
  settle: changing
    .input(
      inWorkspace.extend({
        changes: z.array(labelChange).min(1).max(1000),
        note: z.string().max(500).optional(),
      }),
    )
    .output(z.object({ changeId: z.number().int().nullable(), changed: z.array(changedCell) })),
  /** Forgets that somebody has looked at the labels. */
  unsettle: procedure.input(inWorkspace.extend({ cells: z.array(cell).min(1).max(1000) })).output(z.void()),
};
