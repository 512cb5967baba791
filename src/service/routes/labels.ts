/** Labels: changing them, their history, checkpoints, the queue of those that are missing, and blind re-labelling. */
import type { ChangeFeed } from '../changes.ts';
import { listCheckpoints, restoreCheckpoint, takeCheckpoint } from '../checkpoints.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { applyChanges, history, person, takeBack } from '../labelling.ts';
import { procedures } from '../procedures.ts';
import type { Queue } from '../queue.ts';
import { answerRelabel, nextToRelabel, relabelReport, withdrawRelabel } from '../relabelling.ts';
import type { Selections } from '../selections.ts';
import { readSettings } from '../settings.ts';

export function labelRoutes(holder: WorkspaceHolder, feed: ChangeFeed) {
  const takingBack = (kind: 'undo' | 'redo') =>
    procedures.labels[kind].handler(({ input, context }) => {
      const { imageId, change } = input;
      const undone = takeBack(holder.writeTo(input, context), kind, context.user, { imageId, change });
      if (undone) feed.tellLabels(context, undone.changed);
      return undone;
    });
  return {
    apply: procedures.labels.apply.handler(({ input, context }) => {
      const applied = applyChanges(holder.writeTo(input, context), context.user, input);
      feed.tellLabels(context, applied.changed);
      return applied;
    }),
    undo: takingBack('undo'),
    redo: takingBack('redo'),
    latest: procedures.labels.latest.handler(
      ({ input, context }) =>
        holder
          .writeTo(input, context)
          .journal.latest(input.kind, { actor: person(context.user), imageId: input.imageId }) ?? null,
    ),
    history: procedures.labels.history.handler(({ input }) => history(holder.read(), input)),
  };
}

export function checkpointRoutes(holder: WorkspaceHolder, feed: ChangeFeed) {
  return {
    create: procedures.checkpoints.create.handler(({ input, context }) =>
      takeCheckpoint(holder.writeTo(input, context), input.name),
    ),
    list: procedures.checkpoints.list.handler(() => listCheckpoints(holder.read())),
    restore: procedures.checkpoints.restore.handler(({ input, context }) => {
      const { changed, ...done } = restoreCheckpoint(holder.writeTo(input, context), context.user, input);
      feed.tellLabels(context, changed);
      return { ...done, cells: changed.length };
    }),
  };
}

export function queueRoutes(queue: Queue) {
  return {
    ahead: procedures.queue.ahead.handler(({ input, context }) => queue.ahead(context, input)),
    next: procedures.queue.next.handler(({ input }) => queue.next(input.filter, input.limit)),
    counts: procedures.queue.counts.handler(({ input, context }) => queue.counts(context, input.filter)),
  };
}

export function relabelRoutes(holder: WorkspaceHolder, selections: Selections) {
  return {
    next: procedures.relabel.next.handler(async ({ input, context }) => {
      if (readSettings(context.user)['relabel'] === false) return null;
      return nextToRelabel(await selections.matching(input.filter), context.user, input.keypoint);
    }),
    answer: procedures.relabel.answer.handler(({ input, context }) =>
      answerRelabel(holder.writeTo(input, context), context.user, input),
    ),
    withdraw: procedures.relabel.withdraw.handler(({ input, context }) =>
      withdrawRelabel(holder.writeTo(input, context), context.user, input.id),
    ),
    report: procedures.relabel.report.handler(() => relabelReport(holder.read())),
  };
}
