import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProblemDetails } from '../../../src/domain/problem.ts';
import { InputProblem } from '../../../src/domain/problem.ts';
import { explained } from '../../../src/workspace/import/failures.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { openScratch, scratchDirectory } from '../scratch.ts';
import type { Files } from './fixtures.ts';
import {
  file,
  folder,
  oneFace,
  refusal,
  table,
  trainingHeader,
  twoAsked,
  twoTests,
  zip,
} from './fixtures.ts';

const faces = (...rows: string[]) => ({ 'faces.csv': table(trainingHeader, ...rows) });
const asked = (row: string) => ({ 'test.csv': twoTests, 'asked.csv': `${twoAsked}${row}\n` });

describe('an import is refused, and the workspace stays as it was, when', () => {
  test.each<[string, Files, ProblemDetails]>([
    ['a column is missing', { 'a.csv': oneFace.replace('nose_y', '') }, { row: 1, column: 'nose_y' }],
    [
      'the pictures are missing',
      { 'a.csv': 'left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y\n' },
      { row: 1, column: 'Image' },
    ],
    [
      'a table is separated by semicolons',
      { 'test.csv': twoTests, 'training.csv': oneFace.replaceAll(',', ';') },
      { file: 'training.csv', row: 1, expected: 'commas' },
    ],
    ['test images have no name', { 'a.csv': 'Image\n1 2 3 4\n' }, { row: 1, column: 'ImageId' }],
    [
      'a column is unknown',
      { 'a.csv': table(`${trainingHeader},age`, '1,1,,,,,1 2 3 4,7') },
      { row: 1, column: 'age' },
    ],
    [
      'a coordinate is not a number',
      faces('1,1,,,,,1 2 3 4', 'left,1,,,,,1 2 3 4'),
      { row: 3, column: 'left_eye_x', found: '"left"' },
    ],
    ['a coordinate is NaN', faces('NaN,1,,,,,1 2 3 4'), { row: 2, column: 'left_eye_x' }],
    [
      'a coordinate is far to the right',
      faces('4.5,1,,,,,1 2 3 4'),
      { row: 2, column: 'left_eye_x', found: '"4.5"', expected: '0 to 2' },
    ],
    ['a coordinate is far above', faces('1,-2.5,,,,,1 2 3 4'), { row: 2, column: 'left_eye_y' }],
    ['a coordinate is infinite', faces('1e999,1,,,,,1 2 3 4'), { row: 2, column: 'left_eye_x' }],
    ['x is given without y', faces('1,,,,,,1 2 3 4'), { row: 2, column: 'left_eye_y' }],
    ['y is given without x', faces(',1,,,,,1 2 3 4'), { row: 2, column: 'left_eye_x' }],
    ['a pixel is out of range', faces('1,1,,,,,1 2 3 400'), { row: 2, column: 'Image' }],
    ['a table has no rows', faces(), { file: 'faces.csv' }],
    ['a table is empty', { 'faces.csv': '' }, { file: 'faces.csv' }],
    [
      'an ImageId occurs twice',
      { 'test.csv': `${twoTests}1,9 9 9 9\n` },
      { row: 4, column: 'ImageId', found: '"1", which is in row 2 too' },
    ],
    ['an ImageId is empty', { 'test.csv': `${twoTests},9 9 9 9\n` }, { row: 4, column: 'ImageId' }],
    [
      'two test tables give one ImageId to two pictures',
      { 'a.csv': twoTests, 'b.csv': 'ImageId,Image\n1,9 9 9 9\n' },
      { file: 'b.csv', row: 2, column: 'ImageId' },
    ],
    [
      'a value of an unknown image is asked for',
      asked('9,3,nose_x,'),
      { file: 'asked.csv', row: 5, column: 'ImageId', found: '"3"' },
    ],
    [
      'a value of an unknown keypoint is asked for',
      asked('9,2,ear_x,'),
      { file: 'asked.csv', row: 5, column: 'FeatureName', found: '"ear_x"' },
    ],
    ['a RowId occurs twice', asked('1,2,nose_x,'), { file: 'asked.csv', row: 5, column: 'RowId' }],
    [
      'a RowId is not a number',
      asked('one,2,nose_x,'),
      { file: 'asked.csv', row: 5, column: 'RowId', found: '"one"' },
    ],
    ['two lookup tables differ', { ...asked('9,2,nose_x,'), 'more.csv': twoAsked }, { file: 'more.csv' }],
    [
      'the sample has other rows than are asked for',
      { 'test.csv': twoTests, 'asked.csv': twoAsked, 'sample.csv': 'RowId,Location\n1,0\n4,0\n3,0\n' },
      { file: 'sample.csv', row: 3, found: '4', expected: '2' },
    ],
    [
      'the sample has fewer rows than are asked for',
      { 'test.csv': twoTests, 'asked.csv': twoAsked, 'sample.csv': 'RowId,Location\n1,0\n' },
      { file: 'sample.csv', found: '1 rows', expected: '3 rows' },
    ],
    ['nothing in a folder is known', { 'notes.txt': 'Hello\n' }, { found: '"notes.txt"' }],
    ['a folder is empty', {}, { found: 'no files' }],
  ])('%s', async (_, files, details) => {
    expect((await refusal(openScratch(), folder(files))).details).toMatchObject(details);
  });

  test('there is no such path', async () => {
    const path = join(scratchDirectory(), 'nowhere.zip');
    const problem = await refusal(openScratch(), path);
    expect(problem.details.file).toBe(path);
    expect(problem.message).toContain('There is no such file or folder.');
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'reading is not permitted (skipped for root and on Windows, who may always read)',
    async () => {
      const path = file('faces.csv', oneFace);
      chmodSync(path, 0);
      expect((await refusal(openScratch(), path)).message).toContain('There is no permission to read this.');
    },
  );

  test('test images of another competition have the same names', async () => {
    const workspace = openScratch();
    await importArchive(workspace, file('test.csv', twoTests));
    const problem = await refusal(workspace, file('test.csv', 'ImageId,Image\n2,9 9 9 9\n'));
    expect(problem.details).toMatchObject({ row: 2, column: 'ImageId', found: '"2"' });
  });
});

test('a problem within archives names the way to it', async () => {
  const archive = await zip({ 'training.zip': await zip({ 'training.csv': oneFace.replace('40', '') }) });
  const problem = await refusal(openScratch(), file('kaggle.zip', archive));
  expect(problem.details.file).toBe('kaggle.zip > training.zip > training.csv');
});

test.each(['ENOSPC', 'SQLITE_FULL'])('a full disk (%s) is said to be one', (code) => {
  const problem = explained(Object.assign(new Error('no space left'), { code }), '/data/faces');
  expect(problem).toBeInstanceOf(InputProblem);
  expect((problem as Error).message).toMatch(
    /^\/data\/faces: The disk .*is full\. Make room.* Nothing was imported\.$/,
  );
});
