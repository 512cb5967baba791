/** Changing labels: everything goes through the journal, in the name of whoever asks. */
import { z } from 'zod';
import { author, cell, label } from './cells.ts';
import { procedure } from './errors.ts';

export const changedCell = cell.extend({ label, author: author.nullable() });
export type ChangedCell = z.infer<typeof changedCell>;

const undone = z.object({
  changeId: z.number().int(),
  /** The cells as they are now. */
  changed: z.array(changedCell),
  /** Cells that somebody else has changed since; they were left as they are. */
  kept: z.array(cell),
});

/**
 * The workspace's folder that the caller has before them, and who did what is to be stored: where another one is open by
 * now, or the page has become somebody else's, CONFLICT says so.
 */
export const inWorkspace = z.object({ workspace: z.string().optional(), user: z.string().optional() });

/** Everything, or what touched one image. */
const scope = inWorkspace.extend({ imageId: z.number().int().optional() });

/** The change meant, as `latest` has named it: asked again, it is not taken back twice. */
const named = scope.extend({ change: z.number().int().optional() });

const historyEntry = cell.extend({
  id: z.number().int(),
  changeId: z.number().int(),
  at: z.string(),
  actor: author,
  kind: z.enum(['edit', 'undo', 'redo']),
  /** The change that this one takes back; null for an edit. */
  undoes: z.number().int().nullable(),
  note: z.string().nullable(),
  before: label,
  after: label,
  /** Whom `after` is due to. */
  author: author.nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const changing = procedure.errors({
  /** Somebody else was quicker: the cells as they are now. Nothing was changed. */
  LABEL_CONFLICT: { status: 409, data: z.object({ found: z.array(changedCell) }) },
});

export const labelChange = cell.extend({
  after: label,
  /** What the cell must hold now. A cell that holds `after` already is fine, too. */
  before: label,
  /**
   * Whom the place is due to, where it isn't the person who asks. Naming oneself for a label that stays as it is
   * confirms it: it becomes one's own, and a dispute about it is decided.
   */
  author: author.optional(),
});
export type LabelChange = z.infer<typeof labelChange>;

export const labelsContract = {
  /** All of them or none. When it returns, they are in the database. */
  apply: changing
    .input(
      inWorkspace.extend({
        changes: z.array(labelChange).min(1).max(10_000),
        note: z.string().max(500).optional(),
      }),
    )
    .output(z.object({ changeId: z.number().int().nullable(), changed: z.array(changedCell) })),
  /** Takes back the caller's latest change; null when there is none. */
  undo: procedure.input(named).output(undone.nullable()),
  redo: procedure.input(named).output(undone.nullable()),
  /** The change that an undo (or a redo) would take back; null when there is none. */
  latest: procedure
    .input(scope.extend({ kind: z.enum(['undo', 'redo']) }))
    .output(z.number().int().nullable()),
  /** The latest first. */
  history: procedure
    .input(
      z.object({
        imageId: z.number().int().optional(),
        keypoint: z.number().int().optional(),
        /** Only entries before this one, for the next page. */
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(z.array(historyEntry)),
};
