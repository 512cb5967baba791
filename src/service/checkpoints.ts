/** Labels frozen under a name, and the way back to them. */
import type { Checkpoint } from '../contract/checkpoints.ts';
import type { Snapshot } from '../workspace/snapshots.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { changedSince, person } from './labelling.ts';
import { notFound } from './problems.ts';

export function takeCheckpoint(workspace: Workspace, name: string): Checkpoint {
  return view(workspace, workspace.snapshots.take(name));
}

/** The latest first. */
export function listCheckpoints(workspace: Workspace): Checkpoint[] {
  return workspace.snapshots.list().map((snapshot) => view(workspace, snapshot));
}

/**
 * Makes the labels as they were then, as one change of the person's.
 * @param allTheSame also where others have changed cells since; else they are named, and nothing is done
 * @throws NOT_FOUND when there is no such checkpoint
 */
export function restoreCheckpoint(
  workspace: Workspace,
  user: string,
  { id, allTheSame }: { id: string; allTheSame: boolean },
) {
  const snapshot = workspace.snapshots.get(id);
  if (!snapshot) throw notFound('There is no such checkpoint.', { found: id });
  const { journal, history } = workspace;
  const others = allTheSame ? [] : history.othersSince(snapshot.position, person(user));
  if (others.length > 0) return { changeId: null, changed: [], others };
  const before = history.position();
  const changeId = journal.apply({
    actor: person(user),
    changes: history.heldAt(snapshot.position).map(({ label, author, ...cell }) => ({
      ...cell,
      after: label,
      ...(author ? { author } : {}),
    })),
    note: `Back to ${snapshot.name ?? `the labels of ${snapshot.createdAt.toISOString()}`}`,
  });
  return { changeId: changeId ?? null, changed: changedSince(workspace, before), others };
}

function view({ runs }: Workspace, { id, name, createdAt, labels }: Snapshot): Checkpoint {
  const trained = runs.list().filter(({ snapshotId }) => snapshotId === id);
  return { id, name, createdAt: createdAt.toISOString(), labels, runs: trained.map((run) => run.id) };
}
