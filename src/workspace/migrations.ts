/** Brings a database to the present version: resources/migrations/NNNN_name.sql, applied in order of their numbers. */
import type { Database as Sqlite } from 'better-sqlite3';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Migration {
  /** user_version after it. */
  readonly version: number;
  readonly sql: string;
}

const folder = fileURLToPath(new URL('../../resources/migrations/', import.meta.url));

/** All migrations there are, the first one first. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ version: Number.parseInt(name, 10), sql: readFileSync(folder + name, 'utf8') }));
}

export function userVersion(sqlite: Sqlite): number {
  return sqlite.pragma('user_version', { simple: true }) as number;
}

/**
 * Applies what the database does not have yet, all in one transaction; user_version tells how far it is.
 * Foreign keys must be off; they are checked at the end.
 */
export function migrate(sqlite: Sqlite, migrations: readonly Migration[]): void {
  const pending = migrations.filter(({ version }) => version > userVersion(sqlite));
  if (pending.length === 0) return;
  sqlite
    .transaction(() => {
      for (const { version, sql } of pending) {
        sqlite.exec(sql);
        sqlite.pragma(`user_version = ${version}`);
      }
      const broken = sqlite.pragma('foreign_key_check') as { table: string }[];
      if (broken.length > 0)
        throw new Error(`Migration leaves ${broken[0]!.table} pointing at rows that are gone.`);
    })
    .immediate();
}
