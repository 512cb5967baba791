/** Blind re-labelling. */
import { z } from 'zod';
import { author, cell, label, selection } from './cells.ts';
import { procedure } from './errors.ts';
import { inWorkspace } from './labels.ts';

/** What a person's own error is: a labelled cell is shown again without its point. */
export const relabelContract = {
  /** A cell to show blind, or null when none is due: about one in fifty cells labelled, if it is switched on. */
  next: procedure
    .input(selection.pick({ filter: true }).extend({ keypoint: z.number().int().optional() }))
    .output(cell.nullable()),
  /** Stores the answer beside the label, which stays as it is, and says how far apart they are. */
  answer: procedure
    .input(inWorkspace.extend({ ...cell.shape, x: z.number(), y: z.number() }))
    .output(z.object({ id: z.number().int(), pixels: z.number(), label, author: author.nullable() })),
  /** Takes an answer of one's own back: it counts for nothing, and the cell is not asked again. */
  withdraw: procedure.input(inWorkspace.extend({ id: z.number().int() })),
  report: procedure.output(
    z.object({
      people: z.array(
        z.object({
          /** null: all of them together. */
          user: z.string().nullable(),
          answers: z.number().int(),
          rmse: z.number().nullable(),
          /** In the schema's order. */
          keypoints: z.array(z.object({ answers: z.number().int(), rmse: z.number().nullable() })),
        }),
      ),
    }),
  ),
};
