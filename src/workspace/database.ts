/** The SQLite file of a workspace: opened, checked to be ours, brought up to date. */
import Sqlite from 'better-sqlite3';
import { InputProblem } from '../domain/problem.ts';
import { migrate, readMigrations, userVersion } from './migrations.ts';

/** 'Fidu': what the first migration marks a database with. */
const applicationId = 0x46696475;

/** The handle that the stores share. Drizzle makes the migrations, but is not loaded: it would take half a command's start. */
export class Database {
  readonly sql: Sqlite.Database;
  readonly #beforeCommit: (() => void)[] = [];

  constructor(sql: Sqlite.Database) {
    this.sql = sql;
  }

  /** All or nothing; a transaction within another one is a part of it that can fail alone. `work` must not be async. */
  transaction<T>(work: () => T): T {
    if (this.sql.inTransaction) return this.sql.transaction(work)();
    return this.sql
      .transaction(() => {
        const result = work();
        for (const finish of this.#beforeCommit) finish();
        return result;
      })
      .immediate();
  }

  /** As a part of the transaction under way that cannot fail alone, which is quicker; in one of its own where there is none. */
  within<T>(work: () => T): T {
    return this.sql.inTransaction ? work() : this.transaction(work);
  }

  /** `finish` runs within every outermost transaction, last. */
  beforeCommit(finish: () => void): void {
    this.#beforeCommit.push(finish);
  }
}

/**
 * Opens the database for the one writer, making or migrating it where need be.
 * WAL lets readers go on while it writes. synchronous FULL makes a commit survive loss of power, not only `kill -9`: an
 * edit then waits for the disk, about 4 ms (NORMAL: 0.1), of the 10 that a click may take to be acknowledged.
 * @throws InputProblem when the file is not a workspace's, is damaged, or was written by a newer version.
 */
export function openForWriting(file: string): Database {
  return opening(file, {}, (sql) => {
    if (hasTables(sql)) refuseForeign(sql, file);
    sql.pragma('page_size = 8192'); // Of a new database: a picture of 96 x 96 fills little more than one page.
    sql.pragma('journal_mode = WAL');
    sql.pragma('synchronous = FULL');
    sql.pragma('foreign_keys = OFF'); // A migration may have to make a table anew.
    migrate(sql, readMigrations());
    sql.pragma('foreign_keys = ON');
  });
}

/** An earlier version's workspace: opening it for writing brings it up to date. */
export class OutdatedWorkspace extends InputProblem {}

/** Opens the database beside a writer, for reading only. @throws InputProblem as openForWriting, or OutdatedWorkspace */
export function openForReading(file: string): Database {
  return opening(file, { readonly: true, fileMustExist: true }, (sql) => {
    if (hasTables(sql)) refuseForeign(sql, file);
    const [found, expected] = [userVersion(sql), newestVersion()];
    if (found < expected)
      throw new OutdatedWorkspace('This workspace has to be brought up to date first.', {
        file,
        found: `version ${found}`,
        expected: `version ${expected}`,
        hint: 'Open it once for writing.',
      });
  });
}

function opening(file: string, options: Sqlite.Options, prepare: (sql: Sqlite.Database) => void): Database {
  let sql: Sqlite.Database | undefined;
  try {
    sql = new Sqlite(file, options);
    prepare(sql);
    return new Database(sql);
  } catch (error) {
    sql?.close();
    throw explained(error, file);
  }
}

/** Reads the table of contents, which SQLite refuses where it is damaged. */
function hasTables(sql: Sqlite.Database): boolean {
  return sql.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}

function refuseForeign(sql: Sqlite.Database, file: string): void {
  const id = sql.pragma('application_id', { simple: true }) as number;
  if (id !== applicationId)
    throw new InputProblem('This database is not a Fiducial workspace.', {
      file,
      found: `application id 0x${(id >>> 0).toString(16)}`,
      expected: `0x${applicationId.toString(16)}`,
      hint: 'Choose another folder.',
    });
  const [found, newest] = [userVersion(sql), newestVersion()];
  if (found > newest)
    throw new InputProblem('This workspace was written by a newer Fiducial.', {
      file,
      found: `version ${found}`,
      expected: `at most version ${newest}`,
      hint: 'Update Fiducial, or choose another workspace.',
    });
}

function newestVersion(): number {
  return readMigrations().at(-1)!.version;
}

function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  if (error.code === 'SQLITE_NOTADB')
    return new InputProblem('This file is no database.', {
      file,
      expected: 'a Fiducial workspace',
      hint: 'Choose another folder.',
    });
  if (error.code.startsWith('SQLITE_CORRUPT'))
    return new InputProblem('This workspace is damaged.', {
      file,
      found: error.message,
      hint: 'Restore it from a backup.',
    });
  return error;
}
