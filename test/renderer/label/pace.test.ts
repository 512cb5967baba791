import { expect, test } from 'vitest';
import { PaceMeter } from '../../../src/renderer/label/pace.ts';

function filledEvery(seconds: number, times: number): PaceMeter {
  const meter = new PaceMeter();
  for (let i = 0; i <= times; i++) meter.filled(1, 1000 * seconds * i);
  return meter;
}

test('is not known after a few cells', () => {
  expect(filledEvery(2, 4).pace).toEqual({ cells: 5, perHour: null, medianSeconds: null });
});

test('is the median time of a cell, and how many an hour has room for', () => {
  expect(filledEvery(2, 10).pace).toEqual({ cells: 11, perHour: 1800, medianSeconds: 2 });
});

test('cells filled with one key share its time', () => {
  const meter = filledEvery(2, 0);
  meter.filled(10, 5000);
  expect(meter.pace).toMatchObject({ cells: 11, medianSeconds: 0.5 });
});

test('a break is no time of work', () => {
  const meter = filledEvery(2, 10);
  meter.filled(1, 3_600_000);
  expect(meter.pace.medianSeconds).toBe(2);
});

test('cells that undo empties count no more, until redo fills them again', () => {
  const meter = filledEvery(2, 3);
  const cell = { imageId: 1, keypoint: 2, author: null };
  meter.takenBack([{ ...cell, label: { state: 'missing' } }]);
  expect(meter.pace.cells).toBe(3);
  meter.takenBack([{ ...cell, label: { state: 'visible', x: 1, y: 1 } }]);
  expect(meter.pace.cells).toBe(4);
});
