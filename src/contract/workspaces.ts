/** Which workspace the service has open, which it had, and the caller's own settings. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './errors.ts';
import { runReference } from './runs.ts';

const known = z.object({ directory: z.string(), openedAt: z.string(), exists: z.boolean() });

export const workspacesContract = {
  /** The latest first, with whether they are still there. */
  recent: procedure.output(
    z.object({
      current: z.string(),
      recent: z.array(known),
      /** Whether this client may open another one. */ canOpen: z.boolean(),
    }),
  ),
  /**
   * Opens another workspace instead of this one. A folder that holds none is made one with `create`.
   * CONFLICT while a training runs, or where a team shares the service.
   */
  open: procedure
    .input(z.object({ directory: z.string().min(1), create: z.boolean().default(false) }))
    .output(z.object({ directory: z.string() })),
};

/** What a person has set up for themselves (shortcuts, panel sizes, ...), by key. It outlives workspaces. */
export const settingsContract = {
  all: procedure.output(z.record(z.string(), z.unknown())),
  set: procedure.input(z.object({ key: z.string().min(1).max(100), value: z.unknown() })),
};

const predictionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), runId: z.number().int(), images: z.number().int() }),
]);

export const predictionsContract = {
  /** Lets a finished run say where the keypoints are in the images that have missing cells and of which it has said nothing yet. */
  make: procedure.input(z.object({ run: runReference })).output(eventIterator(predictionEvent)),
};
