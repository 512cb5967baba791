/** Changes to labels, in the name of whoever asks. What returns is in the database. */
import type { Author } from '../contract/cells.ts';
import type { ChangedCell, HistoryEntry, LabelChange } from '../contract/labels.ts';
import type { Label } from '../domain/label.ts';
import { isPlaced, sameLabel } from '../domain/label.ts';
import { InputProblem } from '../domain/problem.ts';
import type { Cell } from '../workspace/cells.ts';
import type { JournalQuery } from '../workspace/history.ts';
import type { Undone, UndoScope } from '../workspace/journal.ts';
import { LabelConflict } from '../workspace/journal.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { labelConflict, notFound } from './problems.ts';

export const person = (name: string) => ({ kind: 'human', name }) as const;

/**
 * All of the changes or none.
 * @throws LABEL_CONFLICT when cells hold something else than the caller believed
 * @throws InputProblem or NOT_FOUND when a place, an author, a keypoint or an image cannot be
 */
export function applyChanges(
  workspace: Workspace,
  user: string,
  { changes, note }: { changes: LabelChange[]; note?: string | undefined },
) {
  for (const change of changes) {
    checkPlace(workspace, change, change.after);
    checkAuthor(workspace, user, change);
  }
  const position = workspace.history.position();
  try {
    const changeId = workspace.journal.apply({
      actor: person(user),
      changes: changes.map(({ author, ...change }) => ({ ...change, ...(author ? { author } : {}) })),
      ...(note === undefined ? {} : { note }),
    });
    return { changeId: changeId ?? null, changed: changedSince(workspace, position) };
  } catch (error) {
    if (error instanceof LabelConflict) throw labelConflict(viewCells(workspace, error.conflicts));
    throw error;
  }
}

/**
 * As applyChanges, and what is placed then counts as looked at: it is not suspected where it is.
 * @throws as applyChanges
 */
export function settle(workspace: Workspace, user: string, input: Parameters<typeof applyChanges>[2]) {
  return workspace.transaction(() => {
    const applied = applyChanges(workspace, user, input);
    const looked = input.changes.flatMap(({ imageId, keypoint, after }) =>
      isPlaced(after) ? [{ imageId, keypoint, x: after.x, y: after.y }] : [],
    );
    workspace.verdicts.put(user, looked);
    return applied;
  });
}

/** Takes back the person's latest change, or their latest undo. */
export function takeBack(
  workspace: Workspace,
  kind: 'undo' | 'redo',
  user: string,
  scope: Omit<UndoScope, 'actor'>,
) {
  const undone: Undone | undefined = workspace.journal[kind]({ actor: person(user), ...scope });
  if (!undone) return null;
  const { changeId, changed, kept } = undone;
  return { changeId, changed: viewCells(workspace, changed), kept };
}

/** The latest first. */
export function history(workspace: Workspace, query: JournalQuery): HistoryEntry[] {
  return workspace.history.entries(query).map(({ at, author, ...entry }) => ({
    ...entry,
    at: at.toISOString(),
    author: author ?? null,
  }));
}

/** Cells as they are now. */
function viewCells({ labels }: Workspace, cells: readonly Cell[]): ChangedCell[] {
  return [...Map.groupBy(cells, ({ imageId }) => imageId)].flatMap(([imageId, ofImage]) => {
    const [held, authors] = [labels.of(imageId), labels.authorsOf(imageId)];
    return ofImage.map(({ keypoint }): ChangedCell => {
      const author: Author | null = authors[keypoint] ?? null;
      return { imageId, keypoint, label: held[keypoint]!, author };
    });
  });
}

/** The cells that entries after a position have changed, as they are now. */
export function changedSince(workspace: Workspace, position: number): ChangedCell[] {
  const cells = workspace.history.since(position).map(([imageId, keypoint]) => ({ imageId, keypoint }));
  return viewCells(workspace, cells);
}

/**
 * A label becomes another person's, or an import's, only again: by a return to what they had said.
 * @throws InputProblem where they have never said so
 */
function checkAuthor(
  { history }: Workspace,
  user: string,
  { imageId, keypoint, after, author }: LabelChange,
): void {
  if (author?.kind !== 'human' && author?.kind !== 'import') return;
  if (author.kind === 'human' && author.name === user) return;
  const { kind, name } = author;
  const isSaid = history
    .entries({ imageId, keypoint, limit: -1 }) // all of them
    .some(
      (entry) => entry.author?.kind === kind && entry.author.name === name && sameLabel(entry.after, after),
    );
  if (!isSaid)
    throw new InputProblem('A label can only be returned to whoever has given it.', {
      found: `${kind} ${name}`,
    });
}

/** @throws NOT_FOUND or InputProblem when there is no such cell, or the place is far outside its picture */
export function checkPlace({ images, schema }: Workspace, { imageId, keypoint }: Cell, label: Label): void {
  const image = images.get(imageId);
  if (!image) throw notFound(`There is no image ${imageId}.`);
  const name = schema.keypoints[keypoint];
  if (name === undefined)
    throw new InputProblem('The schema has no such keypoint.', {
      found: String(keypoint),
      expected: `0 to ${schema.keypoints.length - 1}`,
    });
  if (!isPlaced(label)) return;
  const { width, height } = image;
  const near = (value: number, size: number) => value >= -size && value <= 2 * size;
  if (!near(label.x, width) || !near(label.y, height))
    throw new InputProblem(`This place of ${name} is far outside the picture.`, {
      found: `(${label.x}, ${label.y})`,
      expected: `x from ${-width} to ${2 * width}, y from ${-height} to ${2 * height}`,
    });
}
