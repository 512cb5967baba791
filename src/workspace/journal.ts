/**
 * The append-only list of changes to labels. Labels change only here, in the transaction that writes the entry.
 *
 * Undo and redo are changes themselves: an undo takes back an edit or a redo, a redo takes back an undo. So what can
 * be undone or redone is read from the journal, and outlives restarts.
 *
 * - Everyone undoes their own changes only: an import or another person's edit is not in one's way.
 * - A change is undone as a whole. A new edit by the same actor ends what that actor could redo.
 * - A cell that somebody else has changed since is kept as it is, and reported.
 */
import type { Label } from '../domain/label.ts';
import { sameLabel } from '../domain/label.ts';
import type { Actor, Cell, StoredLabel } from './cells.ts';
import { fromStored, toStored } from './cells.ts';
import type { Database } from './database.ts';

export interface CellChange extends Cell {
  readonly after: Label;
  /**
   * What the cell must hold now, or nothing is written: no one overwrites what they have not seen. A cell that holds
   * `after` already is fine, too: whoever lost the acknowledgement sends again.
   */
  readonly before?: Label;
  /**
   * Whom the place is due to where it isn't the actor: a proposal that a person accepts stays the model's. Naming an
   * author for a label that stays as it is makes it theirs, which is how a person confirms it.
   */
  readonly author?: Actor;
}

export interface Edit {
  readonly actor: Actor;
  readonly changes: Iterable<CellChange>;
  readonly note?: string;
}

/** Whose changes to take back, and whether only those that touch one image. */
export interface UndoScope {
  readonly actor: Actor;
  readonly imageId?: number | undefined;
  /**
   * The change meant, as `latest` has named it. One that the actor has taken back already stays so, and that is what is
   * returned: whoever lost the acknowledgement asks again.
   */
  readonly change?: number | undefined;
}

export interface Undone {
  readonly changeId: number;
  /** The change that was taken back. */
  readonly undoes: number;
  readonly changed: Cell[];
  /** Cells that somebody else has changed since, and that were left as they are. */
  readonly kept: Cell[];
}

interface Conflict extends Cell {
  readonly expected: Label;
  readonly found: Label;
}

/** Cells are not as the caller believed: somebody else was quicker. */
export class LabelConflict extends Error {
  override readonly name = 'LabelConflict';
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    const [{ imageId, keypoint, expected, found }] = conflicts as [Conflict];
    const others = conflicts.length > 1 ? ` So were ${conflicts.length - 1} others.` : '';
    super(
      `Keypoint ${keypoint} of image ${imageId} was changed meanwhile: expected ${describe(expected)}, found ${describe(found)}.${others}`,
    );
    this.conflicts = conflicts;
  }
}

/** What a cell holds: a label as stored, and whom it is due to (null where nobody ever said anything). */
type Holding = readonly [...StoredLabel, authorId: number | null];

const nothing: Holding = [0, null, null, null];

export class Journal {
  readonly #database: Database;
  readonly #keypoints: number;
  readonly #held;
  readonly #setLabel;
  readonly #setLabels;
  readonly #addEntry;

  constructor(database: Database, keypoints: number) {
    const { sql } = database;
    this.#database = database;
    this.#keypoints = keypoints;
    this.#held = sql.prepare('SELECT keypoint, state, x, y, author_id FROM label WHERE image_id = ?').raw();
    this.#setLabel = sql.prepare('INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?, ?)');
    this.#setLabels = sql.prepare(
      `INSERT OR REPLACE INTO label SELECT image_id, keypoint, after_state, after_x, after_y, after_author
       FROM entry WHERE id >= ? ORDER BY id`,
    );
    this.#addEntry = sql.prepare('INSERT INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  /**
   * Changes labels, all of them or none. On return, or when the transaction around it has ended, they are in the
   * database for good.
   * @returns the change's id; undefined where every cell was so already, and nothing is written.
   * @throws LabelConflict when cells do not hold what `before` says.
   */
  apply({ actor, changes, note }: Edit): number | undefined {
    return this.#database.transaction(() => {
      const authorIds = new Map<string, number>();
      const idOf = (someone: Actor) => {
        const key = `${someone.kind} ${someone.name}`;
        const id = authorIds.get(key) ?? this.#authorId(someone);
        authorIds.set(key, id);
        return id;
      };
      let changeId: number | undefined;
      // Cells are read and written image by image: an import changes a hundred thousand of them.
      let image: number | undefined;
      let cells: Holding[] = [];
      let firstEntry: number | undefined;
      const conflicts: Conflict[] = [];
      const settle = () => {
        if (firstEntry !== undefined) this.#setLabels.run(firstEntry);
        firstEntry = undefined;
      };
      for (const { imageId, keypoint, after, before, author } of changes) {
        if (!Number.isInteger(keypoint) || keypoint < 0 || keypoint >= this.#keypoints)
          throw new Error(`The schema has no keypoint ${keypoint}.`);
        if (imageId !== image) {
          settle();
          image = imageId;
          cells = this.#cellsOf(imageId);
        }
        const current = cells[keypoint]!;
        const found = fromStored(current[0], current[1], current[2]);
        const same = sameLabel(after, found);
        if (same && (author === undefined || idOf(author) === current[3])) continue;
        if (before && !same && !sameLabel(before, found)) {
          conflicts.push({ imageId, keypoint, expected: before, found });
          continue;
        }
        changeId ??= this.#addChange(idOf(actor), 'edit', null, note ?? null);
        const left: Holding = [...toStored(after), idOf(author ?? actor)];
        const { lastInsertRowid } = this.#addEntry.run(changeId, imageId, keypoint, ...current, ...left);
        firstEntry ??= Number(lastInsertRowid);
        cells[keypoint] = left;
      }
      settle();
      if (conflicts.length > 0) throw new LabelConflict(conflicts);
      return changeId;
    });
  }

  /** Takes back the actor's latest change. @returns undefined when there is nothing to undo. */
  undo(scope: UndoScope): Undone | undefined {
    return this.#takeBack('undo', scope);
  }

  /** Takes back the actor's latest undo. @returns undefined when there is nothing to redo. */
  redo(scope: UndoScope): Undone | undefined {
    return this.#takeBack('redo', scope);
  }

  /** The change that an undo or a redo would take back. @returns undefined when there is none */
  latest(kind: 'undo' | 'redo', { actor, imageId }: UndoScope): number | undefined {
    const actorId = this.#authorId(actor);
    return kind === 'undo' ? this.#undoable(actorId, imageId) : this.#redoable(actorId, imageId);
  }

  /** Computes the current labels anew from the journal. @returns the cells that were not as it says: none, in a sound workspace. */
  rebuildFromJournal(): Cell[] {
    const { sql } = this.#database;
    const rebuilt = `SELECT image_id, keypoint, after_state, after_x, after_y, after_author FROM entry
      WHERE id IN (SELECT max(id) FROM entry GROUP BY image_id, keypoint)`;
    return this.#database.transaction(() => {
      const wrong = sql
        .prepare(
          `SELECT image_id AS imageId, keypoint FROM (SELECT * FROM (${rebuilt}) EXCEPT SELECT * FROM label)
           UNION SELECT image_id, keypoint FROM (SELECT * FROM label EXCEPT SELECT * FROM (${rebuilt}))`,
        )
        .all() as Cell[];
      if (wrong.length > 0) sql.exec(`DELETE FROM label; INSERT INTO label ${rebuilt}`);
      return wrong;
    });
  }

  #takeBack(kind: 'undo' | 'redo', scope: UndoScope): Undone | undefined {
    return this.#database.transaction(() => {
      const actorId = this.#authorId(scope.actor);
      const done = scope.change === undefined ? undefined : this.#takenBack(actorId, scope.change);
      if (done) return done;
      const undoes = scope.change ?? this.latest(kind, scope);
      if (undoes === undefined || !this.#mayTakeBack(kind, actorId, undoes)) return undefined;
      const changeId = this.#addChange(actorId, kind, undoes, null);
      const [changed, kept]: [Cell[], Cell[]] = [[], []];
      for (const row of this.#entriesOf(undoes)) {
        const cell = { imageId: row.image_id, keypoint: row.keypoint };
        const current = this.#cellsOf(cell.imageId)[cell.keypoint]!;
        const left: Holding = [row.after_state, row.after_x, row.after_y, row.after_author];
        if (left.every((value, i) => value === current[i])) {
          const before: Holding = [row.before_state, row.before_x, row.before_y, row.before_author];
          this.#addEntry.run(changeId, cell.imageId, cell.keypoint, ...current, ...before);
          this.#setLabel.run(cell.imageId, cell.keypoint, ...before);
          changed.push(cell);
        } else kept.push(cell);
      }
      return { changeId, undoes, changed, kept };
    });
  }

  /** How the actor has taken a change back; undefined where they have not. */
  #takenBack(actorId: number, change: number): Undone | undefined {
    const changeId = this.#database.sql
      .prepare('SELECT id FROM change WHERE undoes = ? AND actor_id = ?')
      .pluck()
      .get(change, actorId) as number | undefined;
    if (changeId === undefined) return undefined;
    const changed = this.#entriesOf(changeId).map((row) => ({
      imageId: row.image_id,
      keypoint: row.keypoint,
    }));
    return { changeId, undoes: change, changed, kept: [] };
  }

  /** Whether a change is the actor's own, and one that can be undone (redone). */
  #mayTakeBack(kind: 'undo' | 'redo', actorId: number, change: number): boolean {
    const found = this.#database.sql
      .prepare('SELECT kind FROM change WHERE id = ? AND actor_id = ?')
      .pluck()
      .get(change, actorId);
    return found !== undefined && (found === 'undo') === (kind === 'redo');
  }

  /** The latest edit or redo that has not been taken back. */
  #undoable(actorId: number, imageId: number | undefined): number | undefined {
    const edit = this.#latest('edit', standing, actorId, imageId);
    const redo = this.#latest('redo', standing, actorId, imageId);
    return Math.max(edit, redo) || undefined;
  }

  /** The latest undo that has not been taken back, unless the actor has made an edit since. */
  #redoable(actorId: number, imageId: number | undefined): number | undefined {
    const undo = this.#latest('undo', standing, actorId, imageId);
    const edit = this.#latest('edit', 'true', actorId, imageId);
    return undo > edit ? undo : undefined;
  }

  /** @returns 0 where there is none */
  #latest(kind: string, condition: string, actorId: number, imageId: number | undefined): number {
    const touching =
      imageId === undefined ? '' : 'AND id IN (SELECT change_id FROM entry WHERE image_id = ?)';
    const found = this.#database.sql
      .prepare(
        `SELECT id FROM change WHERE actor_id = ? AND kind = ? AND ${condition} ${touching} ORDER BY id DESC LIMIT 1`,
      )
      .pluck()
      .get(actorId, kind, ...(imageId === undefined ? [] : [imageId])) as number | undefined;
    return found ?? 0;
  }

  /** Backwards, so that of two entries on one cell the later is taken back first. */
  #entriesOf(changeId: number): StoredEntry[] {
    return this.#database.sql
      .prepare('SELECT * FROM entry WHERE change_id = ? ORDER BY id DESC')
      .all(changeId) as StoredEntry[];
  }

  #cellsOf(imageId: number): Holding[] {
    const cells = new Array<Holding>(this.#keypoints).fill(nothing);
    for (const [keypoint, ...held] of this.#held.all(imageId) as [number, ...Holding][])
      cells[keypoint] = held;
    return cells;
  }

  #addChange(actorId: number, kind: string, undoes: number | null, note: string | null): number {
    return Number(
      this.#database.sql
        .prepare('INSERT INTO change (at, actor_id, kind, undoes, note) VALUES (?, ?, ?, ?, ?)')
        .run(Date.now(), actorId, kind, undoes, note).lastInsertRowid,
    );
  }

  #authorId({ kind, name }: Actor): number {
    const { sql } = this.#database;
    sql.prepare('INSERT OR IGNORE INTO author (kind, name) VALUES (?, ?)').run(kind, name);
    return sql.prepare('SELECT id FROM author WHERE kind = ? AND name = ?').pluck().get(kind, name) as number;
  }
}

/** Not taken back. */
const standing = 'NOT EXISTS (SELECT 1 FROM change AS later WHERE later.undoes = change.id)';

interface StoredEntry {
  readonly id: number;
  readonly change_id: number;
  readonly image_id: number;
  readonly keypoint: number;
  readonly before_state: number;
  readonly before_x: number | null;
  readonly before_y: number | null;
  readonly before_author: number | null;
  readonly after_state: number;
  readonly after_x: number | null;
  readonly after_y: number | null;
  readonly after_author: number | null;
}

function describe(label: Label): string {
  return 'x' in label ? `${label.state} at (${label.x}, ${label.y})` : label.state;
}
