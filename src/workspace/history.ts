/** The journal, read: what has become of cells, when, and by whom. */
import type { Label } from '../domain/label.ts';
import type { Actor, Cell, StoredCell } from './cells.ts';
import { acceptedBy, fromStored } from './cells.ts';
import type { Database } from './database.ts';

/** What a change did to one cell. */
export interface JournalEntry extends Cell {
  readonly id: number;
  readonly changeId: number;
  readonly at: Date;
  readonly actor: Actor;
  readonly kind: 'edit' | 'undo' | 'redo';
  /** The change that the entry's change takes back; null for an edit. */
  readonly undoes: number | null;
  readonly note: string | null;
  readonly before: Label;
  readonly after: Label;
  /** Whom `after` is due to; undefined where an undo made the cell as it was before anybody said anything. */
  readonly author: Actor | undefined;
}

export interface JournalQuery {
  readonly imageId?: number | undefined;
  readonly keypoint?: number | undefined;
  /** Only entries before this one, for the next page. */
  readonly before?: number | undefined;
  readonly limit?: number;
}

export class JournalHistory {
  readonly #database: Database;
  readonly #keypoints: number;
  readonly #position;
  readonly #since;

  constructor(database: Database, keypoints: number) {
    const { sql } = database;
    this.#database = database;
    this.#keypoints = keypoints;
    this.#position = sql.prepare('SELECT coalesce(max(id), 0) FROM entry').pluck();
    this.#since = sql
      .prepare(
        `SELECT image_id, keypoint, after_state, after_x, after_y, after_author,
                ${acceptedBy('entry', 'after_', 'after_author')}, id
         FROM entry WHERE id > ? ORDER BY id`,
      )
      .raw();
  }

  /** The latest first. */
  entries({ imageId, keypoint, before, limit = 100 }: JournalQuery = {}): JournalEntry[] {
    const wanted = { image_id: imageId, keypoint } as const;
    const conditions = Object.entries(wanted).filter(([, value]) => value !== undefined);
    const where = [...conditions.map(([column]) => `${column} = ?`), 'entry.id < ?'].join(' AND ');
    const rows = this.#database.sql
      .prepare(
        `SELECT entry.*, at, change.kind, undoes, note, actor.kind AS actorKind, actor.name AS actorName,
                author.kind AS authorKind, author.name AS authorName
         FROM entry JOIN change ON change.id = change_id JOIN author AS actor ON actor.id = actor_id
         LEFT JOIN author ON author.id = after_author
         WHERE ${where} ORDER BY entry.id DESC LIMIT ?`,
      )
      .all(...conditions.map(([, value]) => value), before ?? Number.MAX_SAFE_INTEGER, limit) as EntryRow[];
    return rows.map((row) => ({
      id: row.id,
      changeId: row.change_id,
      at: new Date(row.at),
      actor: { kind: row.actorKind, name: row.actorName },
      kind: row.kind,
      undoes: row.undoes,
      note: row.note,
      imageId: row.image_id,
      keypoint: row.keypoint,
      before: fromStored(row.before_state, row.before_x, row.before_y),
      after: fromStored(row.after_state, row.after_x, row.after_y),
      author: row.authorKind ? { kind: row.authorKind, name: row.authorName } : undefined,
    }));
  }

  /** The last entry's id; 0 where there is none. */
  position(): number {
    return this.#position.get() as number;
  }

  /** How cells were left by each entry after a position, in order. */
  since(position: number): (readonly [...StoredCell, entryId: number])[] {
    return this.#since.all(position) as [...StoredCell, number][];
  }

  /** The last entry on each image that any touched. */
  lastEntries(): (readonly [imageId: number, entryId: number])[] {
    return this.#database.sql
      .prepare('SELECT image_id, max(id) FROM entry GROUP BY image_id')
      .raw()
      .all() as [number, number][];
  }

  /** What cells held at a position that have been changed since, image by image. */
  heldAt(position: number): (Cell & { readonly label: Label; readonly author: Actor | undefined })[] {
    const rows = this.#database.sql
      .prepare(
        `SELECT later.image_id AS imageId, later.keypoint, after_state, after_x, after_y, kind, name
         FROM (SELECT DISTINCT image_id, keypoint FROM entry WHERE id > ?) AS later
         LEFT JOIN entry ON entry.id =
           (SELECT max(id) FROM entry WHERE image_id = later.image_id AND keypoint = later.keypoint AND id <= ?)
         LEFT JOIN author ON author.id = after_author
         ORDER BY 1, 2`,
      )
      .all(position, position) as HeldRow[];
    return rows.map(({ imageId, keypoint, after_state, after_x, after_y, kind, name }) => ({
      imageId,
      keypoint,
      label: fromStored(after_state ?? 0, after_x, after_y),
      author: kind === null ? undefined : { kind, name },
    }));
  }

  /** How many cells each other person has changed after a position. */
  othersSince(position: number, actor: Actor): { readonly name: string; readonly cells: number }[] {
    return this.#database.sql
      .prepare(
        `SELECT name, count(DISTINCT image_id * ${this.#keypoints} + keypoint) AS cells
         FROM entry JOIN change ON change.id = change_id JOIN author ON author.id = actor_id
         WHERE entry.id > ? AND author.kind = 'human' AND NOT (author.kind = ? AND name = ?)
         GROUP BY name ORDER BY cells DESC, name`,
      )
      .all(position, actor.kind, actor.name) as { name: string; cells: number }[];
  }

  /** Cells that are due to somebody else than an import, image by image, with what an import had said of them last. */
  sinceImport(): (Cell & { readonly label: Label; readonly author: Actor; readonly imported: Label })[] {
    const rows = this.#database.sql
      .prepare(
        `SELECT label.image_id AS imageId, label.keypoint, state, x, y, kind, name, after_state, after_x, after_y
         FROM label JOIN author ON author.id = author_id AND kind <> 'import'
         LEFT JOIN entry ON entry.id =
           (SELECT max(entry.id) FROM entry JOIN author ON author.id = after_author AND kind = 'import'
            WHERE image_id = label.image_id AND keypoint = label.keypoint)
         ORDER BY 1, 2`,
      )
      .all() as (HeldRow & { state: number; x: number | null; y: number | null; kind: Actor['kind'] })[];
    return rows.map(({ imageId, keypoint, state, x, y, kind, name, after_state, after_x, after_y }) => ({
      ...{ imageId, keypoint },
      label: fromStored(state, x, y),
      author: { kind, name },
      imported: fromStored(after_state ?? 0, after_x, after_y),
    }));
  }

  /** When each of the image's cells was changed last, in the schema's order; undefined for one that never was. */
  lastChanges(imageId: number): (Date | undefined)[] {
    const rows = this.#database.sql
      .prepare(
        `SELECT keypoint, at FROM entry JOIN change ON change.id = change_id
         WHERE entry.id IN (SELECT max(id) FROM entry WHERE image_id = ? GROUP BY keypoint)`,
      )
      .raw()
      .all(imageId) as [number, number][];
    const changes = new Array<Date | undefined>(this.#keypoints).fill(undefined);
    for (const [keypoint, at] of rows) changes[keypoint] = new Date(at);
    return changes;
  }

  /** Cells that the person has changed since then. */
  changedSince(actor: Actor, since: Date): Cell[] {
    return this.#database.sql
      .prepare(
        `SELECT DISTINCT image_id AS imageId, keypoint
         FROM change JOIN entry ON change_id = change.id JOIN author ON author.id = actor_id
         WHERE author.kind = ? AND author.name = ? AND change.id >= ?`,
      )
      .all(actor.kind, actor.name, this.#firstChangeSince(since.getTime())) as Cell[];
  }

  /** How many missing cells the person has labelled since then that still hold a label; what was undone does not count. */
  labelledSince(actor: Actor, since: Date): number {
    const { sql } = this.#database;
    return sql
      .prepare(
        `SELECT count(*) FROM (
           SELECT DISTINCT entry.image_id, entry.keypoint
           FROM change JOIN entry ON change_id = change.id JOIN author ON author.id = actor_id
           JOIN label ON label.image_id = entry.image_id AND label.keypoint = entry.keypoint
           WHERE author.kind = ? AND author.name = ? AND change.kind <> 'undo' AND change.id >= ?
             AND before_state = 0 AND after_state > 0 AND state > 0
             AND NOT EXISTS (SELECT 1 FROM change AS later WHERE later.undoes = change.id))`,
      )
      .pluck()
      .get(actor.kind, actor.name, this.#firstChangeSince(since.getTime())) as number;
  }

  /** By bisection: changes are numbered as time goes. */
  #firstChangeSince(time: number): number {
    const { sql } = this.#database;
    const at = sql.prepare('SELECT at FROM change WHERE id = ?').pluck();
    let low = 1;
    let high = (sql.prepare('SELECT coalesce(max(id), 0) FROM change').pluck().get() as number) + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at.get(middle) as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface HeldRow extends Cell {
  readonly after_state: number | null;
  readonly after_x: number | null;
  readonly after_y: number | null;
  readonly kind: Actor['kind'] | null;
  readonly name: string;
}

interface EntryRow {
  readonly id: number;
  readonly change_id: number;
  readonly image_id: number;
  readonly keypoint: number;
  readonly before_state: number;
  readonly before_x: number | null;
  readonly before_y: number | null;
  readonly after_state: number;
  readonly after_x: number | null;
  readonly after_y: number | null;
  readonly at: number;
  readonly kind: JournalEntry['kind'];
  readonly undoes: number | null;
  readonly note: string | null;
  readonly actorKind: Actor['kind'];
  readonly actorName: string;
  readonly authorKind: Actor['kind'] | null;
  readonly authorName: string;
}
