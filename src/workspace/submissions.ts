/** What a submission must answer, and the submissions that were written. */
import { asc, desc } from 'drizzle-orm';
import type { Database } from './database.ts';
import { lookupRow, submission } from './tables.ts';

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
}

export class SubmissionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Replaces what is asked for. */
  setLookup(rows: readonly LookupRow[]): void {
    this.#database.transaction(() => {
      this.#database.query.delete(lookupRow).run();
      const add = this.#database.sql.prepare('INSERT INTO lookup_row VALUES (?, ?, ?, ?, ?)');
      rows.forEach((row, position) => add.run(position, row.rowId, row.imageKey, row.keypoint, row.axis));
    });
  }

  /** What is asked for, in the table's order; nothing where none was imported. */
  lookup(): LookupRow[] {
    const { rowId, imageKey, keypoint, axis } = lookupRow;
    return this.#database.query
      .select({ rowId, imageKey, keypoint, axis })
      .from(lookupRow)
      .orderBy(asc(lookupRow.position))
      .all();
  }

  /** Notes a submission that was written. */
  record(values: Omit<Submission, 'id' | 'createdAt'>): Submission {
    return this.#database.query
      .insert(submission)
      .values({ ...values, createdAt: new Date() })
      .returning()
      .get();
  }

  /** The latest first. */
  list(): Submission[] {
    return this.#database.query.select().from(submission).orderBy(desc(submission.id)).all();
  }
}
