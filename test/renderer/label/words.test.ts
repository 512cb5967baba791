import { expect, test } from 'vitest';
import { authorText, changeText, labelText, takenBackText } from '../../../src/renderer/label/words.ts';

const at = (x: number, y: number, state: 'visible' | 'occluded' = 'visible') => ({ state, x, y });
const missing = { state: 'missing' } as const;

test('a label is said with its state and place', () => {
  expect(labelText(at(66, 39.04))).toBe('visible at 66.0, 39.0');
  expect(labelText({ state: 'absent' })).toBe('absent');
});

test.each([
  [missing, at(1, 2), 'placed'],
  [missing, at(1, 2, 'occluded'), 'placed, occluded'],
  [at(1, 2), at(4, 6), 'moved 5.0 px'],
  [at(1, 2), at(4, 6, 'occluded'), 'moved 5.0 px, occluded'],
  [at(1, 2), at(1, 2, 'occluded'), 'set occluded'],
  [at(1, 2), { state: 'absent' } as const, 'set absent'],
  [at(1, 2), missing, 'cleared'],
])('from %j to %j is said as: %s', (before, after, text) => {
  expect(changeText(before, after)).toBe(text);
});

test.each([
  [{ kind: 'human', name: 'ana' } as const, 'you'],
  [{ kind: 'human', name: 'ben' } as const, 'ben'],
  [{ kind: 'model-run', name: '11' } as const, 'run 11'],
  [{ kind: 'shape', name: '2140' } as const, 'shape of 2,140 images'],
  [{ kind: 'mirror', name: 'left_eye_center' } as const, 'mirror of left eye center'],
])('%j is said as: %s', (author, text) => {
  expect(authorText(author, 'ana')).toBe(text);
});

test('an undo says what it was of, and how many cells of others it left alone', () => {
  const cell = { imageId: 1, keypoint: 2 };
  const changed = [{ ...cell, label: missing, author: null }];
  const names = ['left_eye', 'right_eye', 'nose_tip'];
  expect(takenBackText('undo', null, names)).toBe('There is nothing to undo.');
  expect(takenBackText('redo', { changeId: 1, changed, kept: [] }, names)).toBe('Redone: nose tip, image 1.');
  expect(takenBackText('undo', { changeId: 1, changed, kept: [cell, cell] }, names)).toBe(
    'Undone: nose tip, image 1; 2 cells that somebody else has changed since stay.',
  );
  const inTwo = [...changed, { ...changed[0]!, imageId: 2 }];
  expect(takenBackText('undo', { changeId: 1, changed: inTwo, kept: [] }, names)).toBe(
    'Undone: 2 cells, 2 images.',
  );
});
