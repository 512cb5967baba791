/** What a workspace knows of itself, by key, as JSON. */
import type { Database } from './database.ts';

export class WorkspaceSettings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: string): unknown {
    const value = this.#database.sql.prepare('SELECT value FROM setting WHERE key = ?').pluck().get(key);
    return value === undefined ? undefined : JSON.parse(value as string);
  }

  set(key: string, value: unknown): void {
    this.#database.sql
      .prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, JSON.stringify(value));
  }
}
