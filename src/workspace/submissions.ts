/** What a submission must answer, and the submissions that were written. */
import type { Database } from './database.ts';

/** One value that is asked for: a row of IdLookupTable. */
export interface LookupRow {
  readonly rowId: number;
  /** The test table's name for the image; SourceStore.imagesByKey() finds it. */
  readonly imageKey: string;
  readonly keypoint: number;
  readonly axis: 'x' | 'y';
}

export interface Submission {
  readonly id: number;
  readonly createdAt: Date;
  readonly runId: number;
  readonly snapshotId: string;
  readonly path: string;
  /** Of the file, hexadecimal. */
  readonly sha256: string;
  readonly rows: number;
  /** How many values were clipped to the picture. */
  readonly clipped: number;
  /** What the competition gave it, as a person typed it in; null until somebody has. */
  readonly score: number | null;
}

export class SubmissionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Replaces what is asked for. */
  setLookup(rows: readonly LookupRow[]): void {
    const { sql } = this.#database;
    this.#database.transaction(() => {
      sql.exec('DELETE FROM lookup_row');
      const add = sql.prepare('INSERT INTO lookup_row VALUES (?, ?, ?, ?, ?)');
      rows.forEach((row, position) => add.run(position, row.rowId, row.imageKey, row.keypoint, row.axis));
    });
  }

  /** What is asked for, in the table's order; nothing where none was imported. */
  lookup(): LookupRow[] {
    return this.#database.sql
      .prepare(
        'SELECT row_id AS rowId, image_key AS imageKey, keypoint, axis FROM lookup_row ORDER BY position',
      )
      .all() as LookupRow[];
  }

  /** Notes a submission that was written. */
  record(written: Omit<Submission, 'id' | 'createdAt' | 'score'>): Submission {
    const createdAt = new Date();
    const { runId, snapshotId, path, sha256, rows, clipped } = written;
    const { lastInsertRowid } = this.#database.sql
      .prepare('INSERT INTO submission VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, NULL)')
      .run(createdAt.getTime(), runId, snapshotId, path, sha256, rows, clipped);
    return { ...written, id: Number(lastInsertRowid), createdAt, score: null };
  }

  /** @param score null takes it back; @returns whether there is such a submission */
  setScore(id: number, score: number | null): boolean {
    return (
      this.#database.sql.prepare('UPDATE submission SET score = ? WHERE id = ?').run(score, id).changes > 0
    );
  }

  /** The latest first. */
  list(): Submission[] {
    const rows = this.#database.sql
      .prepare(
        `SELECT id, created_at AS createdAt, run_id AS runId, snapshot_id AS snapshotId, path, sha256, rows, clipped, score
         FROM submission ORDER BY id DESC`,
      )
      .all() as (Omit<Submission, 'createdAt'> & { createdAt: number })[];
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  }
}
