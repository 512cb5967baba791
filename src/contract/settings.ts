/** A person's own settings. */
import { z } from 'zod';
import { procedure } from './errors.ts';

/** What a person has set up for themselves (shortcuts, panel sizes, ...), by key. It outlives workspaces. */
export const settingsContract = {
  all: procedure.output(z.record(z.string(), z.unknown())),
  set: procedure.input(z.object({ key: z.string().min(1).max(100), value: z.unknown() })),
};
