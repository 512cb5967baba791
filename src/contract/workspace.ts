/** What is in the workspace: counts for the first screen, and images to page through. */
import { z } from 'zod';
import { labelStates } from '../domain/label.ts';
import { procedure } from './errors.ts';

const stateCounts = z.object(
  Object.fromEntries(labelStates.map((state) => [state, z.number().int()])) as Record<
    (typeof labelStates)[number],
    z.ZodNumber
  >,
);

const workspaceInfo = z.object({
  directory: z.string(),
  schema: z.object({
    id: z.string(),
    title: z.string(),
    keypoints: z.array(z.string()),
    mirrorPairs: z.array(z.tuple([z.string(), z.string()])),
    skeleton: z.array(z.tuple([z.string(), z.string()])),
  }),
  images: z.number().int(),
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

const imageView = z.object({
  id: z.number().int(),
  /** Of its pixels; in a picture's address it makes the picture safe to keep. */
  sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** In the schema's order; x and y in pixels of the image. */
  labels: z.array(
    z.object({ state: z.enum(labelStates), x: z.number().optional(), y: z.number().optional() }),
  ),
});
export type ImageView = z.infer<typeof imageView>;

export const workspaceContract = {
  info: procedure.output(workspaceInfo),
  images: procedure
    .input(z.object({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(500) }))
    .output(z.object({ total: z.number().int(), images: z.array(imageView) })),
};
