import Sqlite from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputProblem } from '../../src/domain/problem.ts';
import { face15 } from '../../src/domain/schema.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, openScratch, scratchDirectory } from './scratch.ts';

function databaseIn(directory: string): string {
  return join(directory, 'fiducial.sqlite');
}

/** A workspace that was made and closed again. */
function closedWorkspace(): string {
  const directory = scratchDirectory();
  Workspace.open(directory, { create: true }).close();
  return directory;
}

function alter(directory: string, sql: string): void {
  const database = new Sqlite(databaseIn(directory));
  database.exec(sql);
  database.close();
}

function opening(directory: string): () => unknown {
  return () => Workspace.open(directory);
}

describe('opening a workspace', () => {
  test('makes one only when asked to', () => {
    expect(opening(scratchDirectory())).toThrow(/There is no workspace here/);
  });

  test('in a file says that a workspace is a folder', () => {
    const file = join(scratchDirectory(), 'faces.zip');
    writeFileSync(file, 'PK');
    expect(opening(file)).toThrow(`${file}: This is a file; a workspace is a folder.`);
  });

  // Below /proc, Node's mkdir with `recursive` does not return.
  test.runIf(existsSync('/proc/self'))('ends where no folder can be made', () => {
    const create = () => Workspace.open('/proc/none/faces', { create: true });
    expect(create).toThrow(/A workspace cannot be written here/);
  });

  test('makes the folders above a new one', () => {
    const directory = join(scratchDirectory(), 'a', 'b');
    Workspace.open(directory, { create: true }).close();
    expect(existsSync(databaseIn(directory))).toBe(true);
  });

  test('gives a new one the schema of the competition', () => {
    const directory = closedWorkspace();
    const workspace = Workspace.openReadOnly(directory);
    expect(workspace.schema).toEqual(face15);
    workspace.close();
  });

  test('keeps the schema that it was made with', () => {
    const directory = scratchDirectory();
    openScratch(directory).close();
    expect(openScratch(directory).schema.keypoints).toEqual(['left_eye', 'right_eye', 'nose']);
  });

  test('refuses rows that point at nothing', () => {
    const workspace = openScratch();
    const prediction = () => {
      workspace.predictions.put(7, [7], new Float32Array(6));
    };
    expect(prediction).toThrow(/FOREIGN KEY/);
  });
});

describe.each([
  ['for writing', (directory: string) => Workspace.open(directory)],
  ['for reading', (directory: string) => Workspace.openReadOnly(directory)],
])('opening %s refuses', (_, open) => {
  const refusal = (directory: string): string => {
    try {
      open(directory).close();
    } catch (error) {
      expect(error).toBeInstanceOf(InputProblem);
      return (error as Error).message;
    }
    throw new Error('It was opened.');
  };

  test('a database from the future, naming both versions', () => {
    const directory = closedWorkspace();
    alter(directory, 'PRAGMA user_version = 900');
    expect(refusal(directory)).toMatch(/newer Fiducial.*found version 900; expected at most version \d+/);
  });

  test('a database of something else, naming what marks it', () => {
    const directory = scratchDirectory();
    alter(directory, 'PRAGMA application_id = 0x47504b47; CREATE TABLE parcel (id)');
    expect(refusal(directory)).toMatch(/not a Fiducial workspace.*application id 0x47504b47/);
  });

  test('a file that is no database', () => {
    const directory = scratchDirectory();
    writeFileSync(databaseIn(directory), 'left_eye_center_x,left_eye_center_y\n'.repeat(100));
    expect(refusal(directory)).toMatch(/no database/);
  });

  test('a database that was cut short', () => {
    const directory = closedWorkspace();
    truncateSync(databaseIn(directory), 3 * 4096);
    expect(refusal(directory)).toMatch(/damaged/);
  });

  test('a database whose table of contents is overwritten', () => {
    const directory = closedWorkspace();
    const bytes = readFileSync(databaseIn(directory));
    bytes.fill(0xa5, 100, 4096);
    writeFileSync(databaseIn(directory), bytes);
    expect(refusal(directory)).toMatch(/damaged/);
  });
});

describe('one writer', () => {
  const holder = new URL('./hold-workspace.ts', import.meta.url).pathname;

  /** Another process that has the workspace open until it is killed. */
  async function anotherWriter(directory: string) {
    const child = spawn(process.execPath, [holder, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  }

  test('a second process is told the pid of the first', async () => {
    const directory = closedWorkspace();
    const first = await anotherWriter(directory);
    expect(opening(directory)).toThrow(new RegExp(`Process ${first.pid} has this workspace open`));
    first.kill('SIGKILL');
    await once(first, 'exit');
  });

  test('a killed writer stands in nobody’s way', async () => {
    const directory = closedWorkspace();
    const first = await anotherWriter(directory);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(readFileSync(join(directory, 'writer.pid'), 'utf8')).toBe(`${first.pid}\n`);
    Workspace.open(directory).close();
  });

  test('closing twice leaves the next writer its lock', () => {
    const first = openScratch();
    first.close();
    const second = openScratch(first.directory);
    first.close();
    expect(readFileSync(join(second.directory, 'writer.pid'), 'utf8')).toBe(`${process.pid}\n`);
  });

  test('a reader sees what the writer committed, and does not hold it up', () => {
    const writer = openScratch();
    const reader = Workspace.openReadOnly(writer.directory);
    addPicture(writer, 1);
    expect(reader.images.count()).toBe(1);
    addPicture(writer, 2);
    expect(reader.images.count()).toBe(2);
    reader.close();
  });

  test('a reader cannot write', () => {
    const reader = Workspace.openReadOnly(closedWorkspace());
    expect(() => addPicture(reader, 1)).toThrow(/readonly/);
    reader.close();
  });
});

describe('a transaction', () => {
  test('that fails leaves nothing behind', () => {
    const workspace = openScratch();
    const work = () =>
      workspace.transaction(() => {
        addPicture(workspace, 1);
        throw new Error('disk full');
      });
    expect(work).toThrow('disk full');
    expect(workspace.images.count()).toBe(0);
  });

  test('within another one can fail alone', () => {
    const workspace = openScratch();
    workspace.transaction(() => {
      addPicture(workspace, 1);
      expect(() =>
        workspace.transaction(() => {
          addPicture(workspace, 2);
          throw new Error('no');
        }),
      ).toThrow('no');
    });
    expect(workspace.images.count()).toBe(1);
  });
});
