/** The work that is left. */
import { z } from 'zod';
import { cell, selection } from './cells.ts';
import { procedure } from './errors.ts';

const aheadInput = selection.extend({
  /** Loop mode: only this keypoint, across all images. */
  keypoint: z.number().int().min(0).optional(),
  after: cell.optional(),
  backwards: z.boolean().default(false),
  count: z.number().int().min(1).max(200),
});
export type AheadInput = z.output<typeof aheadInput>;

/** Cells that still need a person: the missing ones of the images selected. */
export const queueContract = {
  /**
   * The next cells after one (from the start where there is none, and from the start again after the last). Whoever
   * names the last cell keeps the order that they began with, and stays in its image to the last missing cell of it.
   */
  ahead: procedure.input(aheadInput).output(z.object({ cells: z.array(cell), remaining: z.number().int() })),
  counts: procedure.input(selection.pick({ filter: true })).output(
    z.object({
      /** Cells of the images selected, labelled or not, and those that are missing. */
      cells: z.number().int(),
      remaining: z.number().int(),
      /** In the schema's order. */
      missing: z.array(z.number().int()),
      /** Cells that the caller has labelled since midnight. */
      today: z.number().int(),
    }),
  ),
};
