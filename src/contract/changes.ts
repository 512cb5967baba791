/** What changes in the workspace, as it happens. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { changedCell } from './labels.ts';

const change = z.discriminatedUnion('type', [
  /** Sent once, when the watching has begun. */
  z.object({ type: z.literal('watching'), client: z.string(), user: z.string() }),
  z.object({
    type: z.literal('labels'),
    user: z.string(),
    /** The connection that made the change: a page knows its own. */
    client: z.string(),
    /** At most 1,000; `more` says that there were more, so that whoever shows labels asks again. */
    cells: z.array(changedCell),
    more: z.boolean(),
  }),
  /** Images, runs, predictions, submissions or the workspace itself are others than before, or an import has begun. */
  z.object({ type: z.enum(['imports', 'images', 'runs', 'predictions', 'submissions', 'workspace']) }),
]);
export type Change = z.infer<typeof change>;

/** What others (and the caller) do, as it happens. */
export const changesContract = oc.output(eventIterator(change));
