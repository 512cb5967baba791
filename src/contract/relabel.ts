/** Blind re-labelling. */
import { z } from 'zod';
import { author, cell, label, selection } from './cells.ts';
import { procedure } from './errors.ts';

/** What a person's own error is: a labelled cell is shown again without its point. */
export const relabelContract = {
  /** A cell to show blind, or null when none is due: about one in fifty cells labelled, if it is switched on. */
  next: procedure
    .input(selection.pick({ filter: true }).extend({ keypoint: z.number().int().optional() }))
    .output(cell.nullable()),
  /** Stores the answer beside the label, which stays as it is, and says how far apart they are. */
  answer: procedure
    .input(cell.extend({ x: z.number(), y: z.number() }))
    .output(z.object({ pixels: z.number(), label, author: author.nullable() })),
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
