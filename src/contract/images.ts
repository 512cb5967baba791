/** Images: pages of them for a grid, single ones for the editor, and what they add up to. */
import { z } from 'zod';
import { labelStates } from '../domain/label.ts';
import { author, label, selection } from './cells.ts';
import { procedure } from './errors.ts';

const imageView = z.object({
  id: z.number().int(),
  /** Of its pixels; in a picture's address it makes the picture safe to keep. */
  sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Its number in its group of near duplicates; null where it has none. */
  duplicateGroup: z.number().int().nullable(),
  /** In the schema's order. */
  labels: z.array(label),
});
export type ImageView = z.infer<typeof imageView>;

const editorImage = imageView.extend({
  /** Where it stands in the sources: rows as a person counts them, and the table's own name for it. */
  rows: z.array(
    z.object({
      file: z.string(),
      row: z.number().int(),
      key: z.string().nullable(),
      group: z.string().nullable(),
    }),
  ),
  /** In the schema's order; null where nobody ever said anything. */
  authors: z.array(author.nullable()),
  /** The other images of its group of near duplicates, in the order of import. */
  duplicates: z.array(z.number().int()),
  /** What the latest run that has said anything of it says, in the schema's order. */
  prediction: z
    .object({
      runId: z.number().int(),
      points: z.array(
        z.object({
          x: z.number(),
          y: z.number(),
          /** RMSE of its coordinates in the run's validation, in pixels; null where no validation image has the keypoint. */
          expectedError: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
});
export type EditorImage = z.infer<typeof editorImage>;

export const imagesContract = {
  /** A part of the images selected, with how many there are. */
  page: procedure
    .input(
      selection.extend({
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ total: z.number().int(), images: z.array(imageView) })),
  /** For the editor, in the order asked for. */
  get: procedure
    .input(z.object({ ids: z.array(z.number().int()).min(1).max(50) }))
    .output(z.array(editorImage)),
  /** Where an image stands among those selected; null where it does not. */
  position: procedure
    .input(selection.extend({ imageId: z.number().int() }))
    .output(z.number().int().nullable()),
  /** How many of the images selected have each keypoint in each state, and how many are complete. */
  matrix: procedure.input(selection.pick({ filter: true })).output(
    z.object({
      images: z.number().int(),
      complete: z.number().int(),
      /** In the schema's order. */
      keypoints: z.array(z.record(z.enum(labelStates), z.number().int())),
    }),
  ),
};
