import { describe, expect, test } from 'vitest';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { Budget, mostFiles, mostUnpackedBytes } from '../../../src/workspace/import/zip.ts';
import { openScratch } from '../scratch.ts';
import type { Files } from './fixtures.ts';
import { file, oneFace, refusal, twoTests, zip } from './fixtures.ts';

const refused = async (content: Buffer | string) => refusal(openScratch(), file('archive.zip', content));

describe('a zip archive is read', () => {
  const imported = async (files: Files, outer: { compress: boolean }) => {
    const report = await importArchive(openScratch(), file('archive.zip', await zip(files, outer)));
    return report.tables.map(({ file: name }) => name);
  };

  test.each([true, false])('with tables in archives within it (deflated: %s)', async (compress) => {
    const files = {
      'training.zip': await zip({ 'training.csv': oneFace }),
      'test.zip': await zip({ 'test.csv': twoTests }, { compress: false }),
    };
    expect(await imported(files, { compress })).toEqual([
      'archive.zip > training.zip > training.csv',
      'archive.zip > test.zip > test.csv',
    ]);
  });

  test('with folders, and without what macOS adds', async () => {
    const files = {
      'data/training.csv': oneFace,
      '__MACOSX/data/._training.csv': 'junk',
      'data/.DS_Store': 'junk',
    };
    expect(await imported(files, { compress: true })).toEqual(['archive.zip > data/training.csv']);
  });
});

describe('a zip archive is refused when', () => {
  test('it is none', async () => {
    const problem = await refused('<html>Please log in</html>\n');
    expect(problem.message).toContain('This is not a zip archive.');
  });

  test('it is cut off', async () => {
    const whole = await zip({ 'training.csv': oneFace });
    expect((await refused(whole.subarray(0, whole.length - 30))).message).toContain(
      'The zip archive is cut off',
    );
  });

  test('an archive within it is cut off', async () => {
    const inner = await zip({ 'training.csv': oneFace });
    const problem = await refused(await zip({ 'training.zip': inner.subarray(0, inner.length - 30) }));
    expect(problem.details.file).toBe('archive.zip > training.zip');
    expect(problem.message).toContain('The zip archive is cut off');
  });

  test('a byte of a table has changed', async () => {
    const archive = await zip({ 'training.csv': oneFace }, { compress: false });
    archive[archive.indexOf('10 20') + 1] = '1'.charCodeAt(0);
    expect((await refused(archive)).message).toContain('The zip archive is damaged');
  });

  test('its deflated bytes make no sense', async () => {
    const archive = await zip({ 'training.csv': oneFace });
    archive[30 + archive.readUInt16LE(26) + archive.readUInt16LE(28)] = 0xff;
    expect((await refused(archive)).message).toContain('The zip archive is damaged');
  });

  test('it is encrypted', async () => {
    const archive = await zip({ 'training.csv': oneFace });
    const flags = archive.indexOf('PK\x01\x02') + 8;
    archive[flags]! |= 1;
    const problem = await refused(archive);
    expect(problem.message).toContain('encrypted');
    expect(problem.details.file).toBe('archive.zip > training.csv');
  });

  test('a name in it leads outside', async () => {
    const archive = await zip({ 'aa/training.csv': oneFace });
    const traversing = Buffer.from(
      archive.toString('latin1').replaceAll('aa/training', '../training'),
      'latin1',
    );
    const problem = await refused(traversing);
    expect(problem.message).toContain('names a file outside itself');
    expect(problem.details.found).toContain('../training.csv');
  });

  test('a file unpacks to far more than tables do', async () => {
    const problem = await refused(await zip({ 'training.csv': Buffer.alloc(2 ** 25) }));
    expect(problem.message).toContain('unpacks to far more');
  });

  test('archives are nested three deep', async () => {
    const two = await zip({ 'training.zip': await zip({ 'training.csv': oneFace }) });
    expect((await refused(await zip({ 'two.zip': two }))).message).toContain('nested too deeply');
  });

  test('it has too many files', async () => {
    const files = Object.fromEntries(Array.from({ length: mostFiles + 1 }, (_, i) => [`${i}.txt`, '']));
    expect((await refused(await zip(files))).message).toContain('too many files');
  });
});

test('all archives of an import together may unpack to so much, and no more', () => {
  const budget = new Budget();
  budget.spendBytes('a', mostUnpackedBytes);
  expect(() => {
    budget.spendBytes('b', 1);
  }).toThrow('unpacks to too much');
});
