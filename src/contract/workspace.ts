/** What is in the workspace: counts for the first screen. */
import { z } from 'zod';
import { labelStates } from '../domain/label.ts';
import { procedure } from './errors.ts';

const stateCounts = z.object(
  Object.fromEntries(labelStates.map((state) => [state, z.number().int()])) as Record<
    (typeof labelStates)[number],
    z.ZodNumber
  >,
);

const outline = z.object({
  directory: z.string(),
  schema: z.object({
    id: z.string(),
    title: z.string(),
    keypoints: z.array(z.string()),
    mirrorPairs: z.array(z.tuple([z.string(), z.string()])),
    skeleton: z.array(z.tuple([z.string(), z.string()])),
  }),
  images: z.number().int(),
});
export type WorkspaceOutline = z.infer<typeof outline>;

const workspaceInfo = outline.extend({
  /** Images that a training table names; the others belong to test tables only. */
  trainingImages: z.number().int(),
  /** Training images with every keypoint placed. */
  completeImages: z.number().int(),
  /** Of the training images, in the schema's order. */
  completeness: z.array(z.object({ keypoint: z.string(), states: stateCounts })),
  /** Groups of images that look the same, and how many images they hold together. */
  duplicates: z.object({ groups: z.number().int(), images: z.number().int() }),
  sources: z.array(
    z.object({ id: z.number().int(), kind: z.string(), file: z.string(), rows: z.number().int() }),
  ),
  runs: z.number().int(),
});
export type WorkspaceInfo = z.infer<typeof workspaceInfo>;

export const workspaceContract = {
  /** What is told at once, however many images there are. */
  outline: procedure.output(outline),
  info: procedure.output(workspaceInfo),
};
