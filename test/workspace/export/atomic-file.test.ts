import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '../../../src/workspace/export/atomic-file.ts';
import { scratchDirectory } from '../scratch.ts';

/** A folder with one file, which says "old". */
function oldFile(): { directory: string; path: string } {
  const directory = scratchDirectory();
  const path = join(directory, 'a.txt');
  writeFileSync(path, 'old');
  return { directory, path };
}

test('a file takes the place of what was there', async () => {
  const { path } = oldFile();
  await writeFileAtomically(path, ['n', 'e', 'w']);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a file that fails half-way leaves what was there, and nothing beside it', async () => {
  const { directory, path } = oldFile();
  function* failing() {
    yield 'n';
    throw new Error('no more');
  }
  await expect(writeFileAtomically(path, failing())).rejects.toThrow('no more');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(directory)).toEqual(['a.txt']);
});

test('a file that its check refuses does not take the place', async () => {
  const { path } = oldFile();
  const check = () => Promise.reject(new Error('not good'));
  await expect(writeFileAtomically(path, ['new'], check)).rejects.toThrow('not good');
  expect(readFileSync(path, 'utf8')).toBe('old');
});
