/** Each migration has a test here from the version before, named `N to N+1`. */
import Sqlite from 'better-sqlite3';
import { is } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate, readMigrations, userVersion } from '../../src/workspace/migrations.ts';
import * as tables from '../../src/workspace/tables.ts';

/** A database in memory as it was at a version, for a migration to start from. */
function databaseAt(version: number): Sqlite.Database {
  const sqlite = new Sqlite(':memory:');
  onTestFinished(() => {
    sqlite.close();
  });
  sqlite.pragma('foreign_keys = OFF');
  migrate(sqlite, readMigrations().filter((migration) => migration.version <= version)); // prettier-ignore
  return sqlite;
}

test('migrations are numbered 1, 2, 3, ... without a gap', () => {
  const versions = readMigrations().map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, i) => i + 1));
});

describe('0 to 1', () => {
  const sqlite = () => {
    const database = databaseAt(0);
    migrate(database, readMigrations().slice(0, 1));
    return database;
  };

  test('marks an empty database as ours', () => {
    expect(sqlite().pragma('application_id', { simple: true })).toBe(0x46696475);
  });

  test('takes it to version 1', () => {
    expect(userVersion(sqlite())).toBe(1);
  });

  test('makes the journal append-only', () => {
    const triggers = sqlite()
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1`)
      .pluck()
      .all();
    expect(triggers).toEqual([
      ...['change_is_never_deleted', 'change_is_never_updated'],
      ...['entry_is_never_deleted', 'entry_is_never_updated'],
    ]);
  });
});

describe('1 to 2', () => {
  const sqlite = () => {
    const database = databaseAt(1);
    database.exec(`
      INSERT INTO author VALUES (1, 'human', 'ana');
      INSERT INTO image VALUES (7, x'00', 4, 4, 0, 0, 7);
      INSERT INTO label VALUES (7, 2, 1, 1.5, 2.5, 1);`);
    migrate(database, readMigrations().slice(0, 2));
    return database;
  };

  test('keeps what is there', () => {
    const database = sqlite();
    expect(userVersion(database)).toBe(2);
    expect(database.prepare('SELECT * FROM label').raw().all()).toEqual([[7, 2, 1, 1.5, 2.5, 1]]);
  });

  test('takes answers of blind re-labelling, which are never changed', () => {
    const database = sqlite();
    database.exec('INSERT INTO relabel VALUES (NULL, 1000, 1, 7, 2, 1.6, 2.4, 1.5, 2.5, 1)');
    expect(() => database.exec('UPDATE relabel SET x = 1')).toThrow('Answers are never changed.');
    expect(() => database.exec('DELETE FROM relabel')).toThrow('Answers are never changed.');
  });
});

describe('2 to 3', () => {
  test('keeps runs, which nobody has said anything of', () => {
    const database = databaseAt(2);
    database.exec(`
      INSERT INTO snapshot VALUES ('abc', NULL, 1, 0, 0);
      INSERT INTO run VALUES (5, 1, NULL, 'stopped', 'onnx', 'mlp', 1, 'abc', '{}', '{}', NULL, NULL);`);
    migrate(database, readMigrations().slice(0, 3));
    expect(userVersion(database)).toBe(3);
    expect(database.prepare('SELECT id, status, tags, note, archived_at FROM run').raw().all()).toEqual([
      [5, 'stopped', '[]', '', null],
    ]);
  });
});

describe('3 to 4', () => {
  test('keeps submissions, whose score nobody has told', () => {
    const database = databaseAt(3);
    database.exec(`
      INSERT INTO snapshot VALUES ('abc', NULL, 1, 0, 0);
      INSERT INTO run VALUES (5, 1, NULL, 'finished', 'onnx', 'mlp', 1, 'abc', '{}', '{}', NULL, NULL, '[]', '', NULL);
      INSERT INTO submission VALUES (2, 1, 5, 'abc', '/s.csv', 'ab12', 27124, 3);`);
    migrate(database, readMigrations().slice(0, 4));
    expect(userVersion(database)).toBe(4);
    expect(database.prepare('SELECT id, run_id, path, score FROM submission').raw().all()).toEqual([
      [2, 5, '/s.csv', null],
    ]);
  });
});

describe('4 to 5', () => {
  test('keeps predictions, of which it is not known how far their passes were apart', () => {
    const database = databaseAt(4);
    database.exec(`
      INSERT INTO image VALUES (7, x'00', 4, 4, 0, 0, 7);
      INSERT INTO snapshot VALUES ('abc', NULL, 1, 0, 0);
      INSERT INTO run VALUES (5, 1, NULL, 'stopped', 'onnx', 'mlp', 1, 'abc', '{}', '{}', NULL, NULL, '[]', '', NULL);
      INSERT INTO prediction VALUES (5, 7, x'00');`);
    migrate(database, readMigrations().slice(0, 5));
    expect(userVersion(database)).toBe(5);
    expect(database.prepare('SELECT run_id, image_id, spread FROM prediction').raw().all()).toEqual([
      [5, 7, null],
    ]);
  });
});

describe('5 to 6', () => {
  test('keeps the answers to second looks: all of them count', () => {
    const database = databaseAt(5);
    database.exec(`
      INSERT INTO image VALUES (7, x'00', 4, 4, 0, 0, 7);
      INSERT INTO author VALUES (1, 'human', 'ana');
      INSERT INTO relabel VALUES (3, 1, 1, 7, 2, 1.0, 1.0, 2.0, 2.0, NULL);`);
    migrate(database, readMigrations().slice(0, 6));
    expect(userVersion(database)).toBe(6);
    expect(database.prepare('SELECT id FROM relabel').pluck().all()).toEqual([3]);
    expect(database.prepare('SELECT count(*) FROM relabel_withdrawal').pluck().get()).toBe(0);
  });
});

test('a migration that fails changes nothing', () => {
  const sqlite = databaseAt(0);
  const broken = [...readMigrations(), { version: 900, sql: 'CREATE TABLE later (id); SELECT nonsense' }];
  expect(() => {
    migrate(sqlite, broken);
  }).toThrow(/nonsense/);
  expect([userVersion(sqlite), sqlite.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()]).toEqual([
    0, 0,
  ]);
});

test('a migration that breaks a foreign key is refused', () => {
  const sqlite = databaseAt(Infinity);
  const breaking = [{ version: 900, sql: `INSERT INTO source VALUES (1, 77, 'test', 'a.csv')` }];
  expect(() => {
    migrate(sqlite, breaking);
  }).toThrow('Migration leaves source pointing at rows that are gone.');
});

describe('after all migrations', () => {
  const described = Object.values<unknown>(tables)
    .filter((table) => is(table, SQLiteTable))
    .map(getTableConfig);

  test('the tables are those that drizzle’s schema describes', () => {
    const names = databaseAt(Infinity).prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`,
    );
    expect(names.pluck().all().sort()).toEqual(described.map(({ name }) => name).sort());
  });

  test.each(described)('$name has the columns that drizzle’s schema describes', ({ name, columns }) => {
    const found = databaseAt(Infinity)
      .prepare('SELECT name, lower(type) AS type FROM pragma_table_info(?)')
      .all(name);
    expect(found).toEqual(columns.map((column) => ({ name: column.name, type: column.getSQLType() })));
  });
});
