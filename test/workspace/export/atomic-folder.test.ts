import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFolderAtomically } from '../../../src/workspace/export/atomic-folder.ts';
import { scratchDirectory } from '../scratch.ts';

const files = { 'a.json': Buffer.from('new'), 'b.bin': Buffer.of(1, 2) };

function oldFolder(...names: string[]): { directory: string; path: string } {
  const directory = scratchDirectory();
  const path = join(directory, 'model');
  mkdirSync(path);
  for (const name of names) writeFileSync(join(path, name), 'old');
  return { directory, path };
}

test('a folder takes the place of an earlier one, and leaves nothing beside it', async () => {
  const { directory, path } = oldFolder('a.json');
  await writeFolderAtomically(path, files);
  expect(readFileSync(join(path, 'a.json'), 'utf8')).toBe('new');
  expect(readdirSync(path)).toEqual(['a.json', 'b.bin']);
  expect(readdirSync(directory)).toEqual(['model']);
});

test('a folder that holds something else is refused, and stays as it is', async () => {
  const { directory, path } = oldFolder('a.json', 'thesis.txt');
  await expect(writeFolderAtomically(path, files)).rejects.toMatchObject({
    name: 'InputProblem',
    details: { file: join(path, 'thesis.txt') },
  });
  expect(readFileSync(join(path, 'a.json'), 'utf8')).toBe('old');
  expect(readdirSync(directory)).toEqual(['model']);
});

test('a folder that cannot be written leaves nothing', async () => {
  const directory = scratchDirectory();
  await expect(writeFolderAtomically(join(directory, 'no', 'model'), files)).rejects.toThrow('ENOENT');
  expect(readdirSync(directory)).toEqual([]);
});
