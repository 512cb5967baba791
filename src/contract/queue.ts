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
  /** The cells whose labels are expected to give the score most, each by itself: uncertainty x how often its keypoint is asked for x how few labels it has. */
  next: procedure
    .input(selection.pick({ filter: true }).extend({ limit: z.number().int().min(1).max(1000) }))
    .output(
      z.object({
        cells: z.array(
          cell.extend({
            /** The product, in pixels: the uncertainty of a keypoint that every image has and that is asked for as often as others. */
            score: z.number(),
            /** RMSE expected of its place, in pixels of the network's input. */
            uncertainty: z.number(),
            /** Values of the keypoint that a submission must give; 1 where none is asked for. */
            asked: z.number().int(),
            /** Images to train on that have the keypoint. */
            labels: z.number().int(),
          }),
        ),
        remaining: z.number().int(),
      }),
    ),
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
