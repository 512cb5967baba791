import { expect, test } from 'vitest';
import { readView, writeView } from '../../../src/renderer/export/view.ts';
import { lastPart } from '../../../src/renderer/frame/format.ts';
import { barsOf, differenceText, newsText, scoreText } from '../../../src/renderer/export/words.ts';

const difference = {
  ...{ submission: 2, runId: 5, exact: true, moved: 900, movedFar: 123, rms: 0.678, largest: 2.71 },
  changes: { edges: [0, 1], counts: [920] },
};

test('a difference is said in numbers: how many rows, by how much', () => {
  expect(differenceText({ rows: 1920, difference })).toBe(
    '900 of 1,920 rows differ from submission 2, of run 5: 0.68 px RMS over all rows, 123 by more than a pixel, 2.7 px at most.',
  );
});

test('no difference, and nothing to differ from, are said', () => {
  expect(differenceText({ rows: 3, difference: { ...difference, moved: 0 } })).toContain('The same as');
  expect(differenceText({ rows: 3, difference: null })).toContain('no earlier submission');
});

test.each([
  [1.6, 'within the interval'],
  [1.4, 'better than the interval'],
  [1.8, 'worse than the interval'],
  [null, ''],
])('a score of %s is %s', (score, words) => {
  expect(scoreText({ score, validation: { rmse: 1.6, low: 1.5, high: 1.7 } })).toBe(words);
});

test('what is new in the labels is said by what became of it', () => {
  expect(newsText({ added: 12, moved: 3, removed: 1 })).toBe(
    'Since the import: 12 keypoints placed that had no place, 3 moved, 1 taken away.',
  );
  expect(newsText({ added: 0, moved: 0, removed: 0 })).toContain('Nothing is new');
});

test('bars are as high as their share of the highest', () => {
  expect(barsOf({ edges: [0, 4, 8], counts: [10, 5] })).toEqual([
    { name: '0–4', count: 10, share: 1 },
    { name: '4–8', count: 5, share: 0.5 },
  ]);
});

test('a file is known by its name, whichever the system', () => {
  expect([lastPart('/a/b.csv'), lastPart('C:\\a\\b.csv'), lastPart('b.csv')]).toEqual(Array(3).fill('b.csv'));
});

test('the address says what is shown, and what it does not say is as in a fresh screen', () => {
  const view = { shown: 'model', run: 3, against: 2 } as const;
  expect(readView(writeView(view))).toEqual(view);
  expect(readView(new URLSearchParams('shown=nonsense&run=-4'))).toEqual({
    ...{ shown: 'submission', run: undefined, against: undefined },
  });
  expect(writeView(readView(new URLSearchParams())).toString()).toBe('');
});
