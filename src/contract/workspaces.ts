/** Which workspace the service has open, and which it had. */
import { z } from 'zod';
import { procedure } from './errors.ts';

const known = z.object({ directory: z.string(), openedAt: z.string(), exists: z.boolean() });

export const workspacesContract = {
  /** The latest first, with whether they are still there. */
  recent: procedure.output(
    z.object({
      current: z.string(),
      recent: z.array(known),
      /** Whether this client may open another one. */
      canOpen: z.boolean(),
    }),
  ),
  /**
   * Opens another workspace instead of this one, for everybody who is connected. A folder that holds none is made one
   * with `create`. CONFLICT while something works on this one (a training, an import), or where a team shares the service.
   */
  open: procedure
    .input(z.object({ directory: z.string().min(1), create: z.boolean().default(false) }))
    .output(z.object({ directory: z.string() })),
};
