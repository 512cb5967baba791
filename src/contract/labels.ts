/** Changing labels: everything goes through the journal, in the name of whoever asks. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { author, cell, label, selection } from './cells.ts';
import { procedure } from './errors.ts';

const changedCell = cell.extend({ label, author: author.nullable() });
export type ChangedCell = z.infer<typeof changedCell>;

const undone = z.object({
  changeId: z.number().int(),
  /** The cells as they are now. */
  changed: z.array(changedCell),
  /** Cells that somebody else has changed since; they were left as they are. */
  kept: z.array(cell),
});

/** Everything, or what touched one image. */
const scope = z.object({ imageId: z.number().int().optional() });

const historyEntry = cell.extend({
  id: z.number().int(),
  changeId: z.number().int(),
  at: z.string(),
  actor: author,
  kind: z.enum(['edit', 'undo', 'redo']),
  note: z.string().nullable(),
  before: label,
  after: label,
  /** Whom `after` is due to. */
  author: author.nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

const changing = procedure.errors({
  /** Somebody else was quicker: the cells as they are now. Nothing was changed. */
  LABEL_CONFLICT: { status: 409, data: z.object({ found: z.array(changedCell) }) },
});

export const labelsContract = {
  /** All of them or none. When it returns, they are in the database. */
  apply: changing
    .input(
      z.object({
        changes: z
          .array(
            cell.extend({
              after: label,
              /** What the cell must hold now. A cell that holds `after` already is fine, too. */
              before: label,
              /** Whom the place is due to, where it isn't the person who asks. */
              author: author.optional(),
            }),
          )
          .min(1)
          .max(10_000),
        note: z.string().max(500).optional(),
      }),
    )
    .output(z.object({ changeId: z.number().int().nullable(), changed: z.array(changedCell) })),
  /** Takes back the caller's latest change; null when there is none. */
  undo: procedure.input(scope).output(undone.nullable()),
  redo: procedure.input(scope).output(undone.nullable()),
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
  create: procedure.input(z.object({ name: z.string().trim().min(1).max(200) })).output(checkpoint),
  /** The latest first; those without a name were taken by runs. */
  list: procedure.output(z.array(checkpoint)),
  /** Makes the labels as they were then, as one change that can be undone. */
  restore: procedure
    .input(z.object({ id: z.string() }))
    .output(z.object({ changeId: z.number().int().nullable(), cells: z.number().int() })),
};

/** Cells that still need a person: the missing ones of the images selected. */
export const queueContract = {
  /** The next cells after one (from the start where there is none, and from the start again after the last). */
  ahead: procedure
    .input(
      selection.extend({
        /** Loop mode: only this keypoint, across all images. */
        keypoint: z.number().int().optional(),
        after: cell.optional(),
        backwards: z.boolean().default(false),
        count: z.number().int().min(1).max(200),
      }),
    )
    .output(z.object({ cells: z.array(cell), remaining: z.number().int() })),
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
  /** Images, runs, predictions or the workspace itself are others than before. */
  z.object({ type: z.enum(['images', 'runs', 'predictions', 'workspace']) }),
]);
export type Change = z.infer<typeof change>;

/** What others (and the caller) do, as it happens. */
export const changesContract = oc.output(eventIterator(change));
