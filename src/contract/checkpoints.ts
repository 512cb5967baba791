/** Labels frozen under a name, to return to. */
import { z } from 'zod';
import { procedure } from './errors.ts';
import { inWorkspace } from './labels.ts';

const checkpoint = z.object({
  id: z.string(),
  name: z.string().nullable(),
  createdAt: z.string(),
  /** Cells labelled then. */
  labels: z.number().int(),
  /** Runs that trained on it. */
  runs: z.array(z.number().int()),
});
export type Checkpoint = z.infer<typeof checkpoint>;

export const checkpointsContract = {
  /** Freezes the labels as they are, under a name. */
  create: procedure.input(inWorkspace.extend({ name: z.string().trim().min(1).max(200) })).output(checkpoint),
  /** The latest first; those without a name were taken by runs. */
  list: procedure.output(z.array(checkpoint)),
  /**
   * Makes the labels as they were then, as one change that can be undone. Where others have changed cells since, nothing is
   * done but to say so, unless it is asked for all the same.
   */
  restore: procedure
    .input(inWorkspace.extend({ id: z.string(), allTheSame: z.boolean().default(false) }))
    .output(
      z.object({
        changeId: z.number().int().nullable(),
        /** That were changed. */
        cells: z.number().int(),
        /** Who else has changed how many cells since, that stand in the way. */
        others: z.array(z.object({ name: z.string(), cells: z.number().int() })),
      }),
    ),
};
