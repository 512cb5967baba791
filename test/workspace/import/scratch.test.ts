import { expect, test } from 'vitest';
import { ScratchFile } from '../../../src/workspace/import/scratch.ts';

test('what was appended is read back, in any order', async () => {
  await using scratch = await ScratchFile.create();
  const pieces = Array.from({ length: 60 }, (_, i) => new Uint8Array(40_000 + i).fill(i));
  const starts: number[] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    const start = await scratch.append(pieces.slice(i, i + 2));
    starts.push(start, start + pieces[i]!.length);
  }
  await scratch.flush();
  for (const i of [0, 1, 2, 58, 59, 30, 3]) {
    const bytes = new Uint8Array(pieces[i]!.length);
    scratch.read(starts[i]!, bytes);
    expect(bytes).toEqual(pieces[i]);
  }
});

test('pieces may change as soon as they are appended', async () => {
  await using scratch = await ScratchFile.create();
  const piece = Uint8Array.of(1, 2, 3);
  await scratch.append([piece]);
  piece.fill(9);
  await scratch.flush();
  const bytes = new Uint8Array(3);
  scratch.read(0, bytes);
  expect([...bytes]).toEqual([1, 2, 3]);
});

test('a write that fails is heard of by whoever flushes', async () => {
  await using scratch = await ScratchFile.create();
  scratch.handle.write = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  await scratch.append([Uint8Array.of(1)]);
  await expect(scratch.flush()).rejects.toThrow('no space left');
});
