/** What was imported, when, and what came of it. */
import { fromJson } from './columns.ts';
import type { Database } from './database.ts';

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
    const { sql } = this.#database;
    const { lastInsertRowid } = sql
      .prepare('INSERT INTO import (created_at, path) VALUES (?, ?)')
      .run(Date.now(), path);
    return Number(lastInsertRowid);
  }

  finish(id: number, report: unknown): void {
    this.#database.sql.prepare('UPDATE import SET report = ? WHERE id = ?').run(JSON.stringify(report), id);
  }

  /** The latest first. */
  list(): ImportRecord[] {
    const rows = this.#database.sql
      .prepare('SELECT id, created_at AS createdAt, path, report FROM import ORDER BY id DESC')
      .all() as { id: number; createdAt: number; path: string; report: string | null }[];
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), report: fromJson(row.report) }));
  }
}
