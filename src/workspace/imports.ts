/** What was imported, when, and what came of it. */
import { desc, eq } from 'drizzle-orm';
import type { Database } from './database.ts';
import { importRecord } from './tables.ts';

export interface ImportRecord {
  readonly id: number;
  readonly createdAt: Date;
  /** The file or folder as the person named it. */
  readonly path: string;
  /** Any JSON; null until the import has ended. */
  readonly report: unknown;
}

export class ImportStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes that an import begins, within its transaction. @returns its number, for sources and the journal's actor. */
  begin(path: string): number {
    return this.#database.query.insert(importRecord).values({ createdAt: new Date(), path }).returning().get()
      .id;
  }

  finish(id: number, report: unknown): void {
    this.#database.query.update(importRecord).set({ report }).where(eq(importRecord.id, id)).run();
  }

  /** The latest first. */
  list(): ImportRecord[] {
    return this.#database.query.select().from(importRecord).orderBy(desc(importRecord.id)).all();
  }
}
