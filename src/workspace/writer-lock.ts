/**
 * One writer for a workspace. The lock is the operating system's, held through a second, empty SQLite file, so it
 * goes when the process goes, however it ends. The process id beside it is only there to be named.
 */
import Sqlite from 'better-sqlite3';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from '../domain/problem.ts';

export class WriterLock {
  readonly #lock: Sqlite.Database;
  readonly #pidFile: string;

  /** @throws InputProblem naming the process that has the workspace open for writing. */
  constructor(directory: string) {
    this.#pidFile = join(directory, 'writer.pid');
    this.#lock = new Sqlite(join(directory, 'writer.lock'), { timeout: 0 });
    try {
      this.#lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#lock.close();
      if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
        throw new InputProblem(`Process ${this.#holder()} has this workspace open.`, {
          file: directory,
          hint: 'Close it there, or wait until it has ended.',
        });
      throw error;
    }
    writeFileSync(this.#pidFile, `${process.pid}\n`);
  }

  release(): void {
    rmSync(this.#pidFile, { force: true });
    this.#lock.close();
  }

  /** The first writer may be between taking the lock and writing its id. */
  #holder(): string {
    try {
      return readFileSync(this.#pidFile, 'utf8').trim();
    } catch {
      return '(unknown)';
    }
  }
}
