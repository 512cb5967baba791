import { expect, test } from 'vitest';
import { InputProblem } from '../../src/domain/problem.ts';

test('a problem names its place, what is there, what should be, and what to do', () => {
  const problem = new InputProblem('Wrong number of pixels.', {
    file: 'training.csv',
    row: 1204,
    column: 'Image',
    found: '9,215 values',
    expected: '9,216 (96x96)',
    hint: 'Nothing was imported.',
  });
  expect(problem.message).toBe(
    'training.csv, row 1,204, column Image: Wrong number of pixels. (found 9,215 values; expected 9,216 (96x96)) Nothing was imported.',
  );
});

test('a problem without a place is its summary', () => {
  expect(new InputProblem('There is no such file.').message).toBe('There is no such file.');
});
