/** Images: pages of them for a grid, single ones for the editor, and what they add up to. */
import { z } from 'zod';
import { labelStates } from '../domain/label.ts';
import { author, label, selection } from './cells.ts';
import { procedure } from './errors.ts';
import { within } from './runs.ts';

export const imageView = z.object({
  id: z.number().int(),
  /** Of its pixels; in a picture's address it makes the picture safe to keep. */
  sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Its number in its group of near duplicates; null where it has none. */
  duplicateGroup: z.number().int().nullable(),
  /** In the schema's order. */
  labels: z.array(label),
  /** The label that is strangest to the image's others, or that of the keypoint selected; null where nothing can be said, or not yet. */
  outlier: z
    .object({
      keypoint: z.number().int(),
      /** From where the others predict it. */
      pixels: z.number(),
      /** The same in standard deviations: beyond 6 it is probably wrong. */
      deviations: z.number(),
    })
    .nullable(),
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
  /** Keypoints for which sources give another place than the label has, and nobody has decided. */
  disputed: z.array(z.number().int()),
  /** The other images of its group of near duplicates, in the order of import. */
  duplicates: z.array(z.number().int()),
  /** Other images that a table's column names as the same person, scene or video, in the order of import. */
  companions: z.array(z.number().int()),
  /** What the latest run that has said anything of it says, in the schema's order. */
  prediction: z
    .object({
      runId: z.number().int(),
      points: z.array(
        z.object({
          x: z.number(),
          y: z.number(),
          /** RMSE of its coordinates as validation has it for such places, in pixels; null where no validation image has the keypoint. */
          expectedError: z.number().nullable(),
          within,
        }),
      ),
    })
    .nullable(),
});
export type EditorImage = z.infer<typeof editorImage>;

/** How the labels of a face lie to one another: what domain/shape-model.ts works on. */
const shapeModel = z.object({
  /** Of how many images; none where nothing can be said yet. */
  images: z.number().int(),
  /** [keypoints]: in how many of them each is placed. */
  placed: z.array(z.number().int()),
  /** [2 x keypoints], x before y, as shares of the picture's width and height: (pixel + 0.5) / size. */
  mean: z.array(z.number()),
  /** [2 x keypoints, 2 x keypoints] */
  covariance: z.array(z.number()),
  /** For each keypoint: RMSE in pixels of its place predicted from all others, measured on the labels; null where it can't be. */
  shapeErrors: z.array(z.number().nullable()),
  /** The same, of the place opposite its partner. */
  mirrorErrors: z.array(z.number().nullable()),
});
export type ShapeModelView = z.infer<typeof shapeModel>;

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
  /** Values to choose a filter from, with how many images each has. */
  facets: procedure.output(
    z.object({
      authors: z.array(author.extend({ images: z.number().int() })),
      sources: z.array(
        z.object({ id: z.number().int(), file: z.string(), kind: z.string(), images: z.number().int() }),
      ),
      duplicateGroups: z.number().int(),
      disputed: z.number().int(),
      /** The run that `split` speaks of, and the one that `predicted` does. */
      splitRun: z.number().int().nullable(),
      predictedRun: z.number().int().nullable(),
    }),
  ),
  /** Where labels lie, over the images selected: counts in cells of a grid over the picture, one grid for each keypoint, row by row. */
  heat: procedure.input(selection.pick({ filter: true })).output(
    z.object({
      columns: z.number().int(),
      rows: z.number().int(),
      keypoints: z.array(z.array(z.number())),
      /** The mean face of (at most 2,000 of) them: gray, row by row, 0 to 255. */
      face: z.object({
        width: z.number().int(),
        height: z.number().int(),
        pixels: z.array(z.number().int()),
        images: z.number().int(),
      }),
    }),
  ),
  /** Fitted anew now and then while people label. */
  shape: procedure.output(shapeModel),
};
