import { expect, test } from 'vitest';
import { nameShifts } from '../../../src/renderer/label/names.ts';

const named = (x: number, y: number, side: 'left' | 'right' = 'left') => ({ x, y, side, name: 'eye corner' });

test('a name stands beside its point', () => {
  expect(nameShifts([named(10, 10), named(10, 40), named(200, 10)])).toEqual([0, 0, 0]);
});

test('names that would lie over each other are moved apart by whole lines, the nearest free one first', () => {
  expect(nameShifts([named(10, 10), named(30, 12), named(50, 9)])).toEqual([0, 13, -13]);
});

test('the name of a point of the right side stands left of it', () => {
  expect(nameShifts([named(100, 10, 'right'), named(100, 10, 'left')])).toEqual([0, 0]);
});
