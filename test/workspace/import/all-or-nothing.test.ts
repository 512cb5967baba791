import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { writeSampleArchive } from '../../../src/workspace/sample/sample.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';
import { openScratch, scratchDirectory } from '../scratch.ts';
import {
  contents,
  file,
  folder,
  oneFace,
  refusal,
  table,
  trainingHeader,
  twoAsked,
  twoTests,
} from './fixtures.ts';

const importer = fileURLToPath(new URL('./import-until-killed.ts', import.meta.url));

test('a problem in the last row leaves the workspace as it was', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `1,1,,,,,${i % 256} ${i >> 8} 0 0`);
  const path = file('faces.csv', table(trainingHeader, ...rows, '1,1,,,,,1 2 3'));
  expect((await refusal(openScratch(), path)).details.row).toBe(502);
});

test('a problem found while writing, after the pictures, takes them back', async () => {
  const unknownImage = `${twoAsked}4,9,nose_x,\n`;
  const path = folder({ 'faces.csv': oneFace, 'test.csv': twoTests, 'asked.csv': unknownImage });
  const workspace = openScratch();
  await refusal(workspace, path);
  expect(workspace.images.count()).toBe(0);
});

test.each(['reading', 'writing'] as const)(
  'an import that is cancelled while %s leaves no trace',
  async (when) => {
    const workspace = openScratch();
    const before = contents(workspace);
    const cancel = new AbortController();
    const imported = importArchive(workspace, folder({ 'faces.csv': oneFace, 'test.csv': twoTests }), {
      signal: cancel.signal,
      onProgress: ({ stage }) => {
        if (stage === when) cancel.abort();
      },
    });
    await expect(imported).rejects.toThrow('aborted');
    expect(contents(workspace)).toBe(before);
  },
);

test('a disk that fills up while writing is named, and takes everything back', async () => {
  const pragma = vi.spyOn(Sqlite.prototype, 'pragma');
  const workspace = openScratch();
  const sql = pragma.mock.contexts.at(-1) as Sqlite.Database;
  pragma.mockRestore();
  sql.pragma(`max_page_count = ${String(Number(sql.pragma('page_count', { simple: true })) + 5)}`);
  const rows = Array.from({ length: 2000 }, (_, i) => `1,1,,,,,${i % 256} ${i >> 8} 0 0`);
  const problem = await refusal(workspace, file('faces.csv', table(trainingHeader, ...rows)));
  expect(problem.message).toContain('The disk that holds the workspace is full.');
});

test.each(['reading', 'writing'])(
  'an import that is killed while %s leaves the workspace as it was',
  async (stage) => {
    const directory = scratchDirectory();
    const archive = join(scratchDirectory(), 'sample.zip');
    await writeSampleArchive(archive, { training: 40, test: 4 });
    Workspace.open(directory, { create: true }).close();
    const before = contents({ directory });
    const child = spawn(process.execPath, [importer, directory, archive, stage]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const workspace = Workspace.open(directory);
    expect(contents({ directory })).toBe(before);
    expect((await importArchive(workspace, archive)).trainingImages).toBe(40);
    workspace.close();
  },
);
