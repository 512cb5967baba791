import { expect, test } from 'vitest';
import {
  asked,
  channelOf,
  mapsOf,
  strongestCell,
  strongestChannel,
  valueAt,
} from '../../../src/renderer/models/maps.ts';

const maps = mapsOf([2, 2, 3], Float32Array.of(0, 1, 2, 3, 4, 5, -1, 9, -3, -4, -5, -6));

test('a cell of a map has its value, and is asked for as it is', () => {
  expect([...channelOf(maps, 1)]).toEqual([-1, 9, -3, -4, -5, -6]);
  expect(valueAt(maps, { channel: 1, row: 0, column: 2 })).toBe(-3);
  expect(valueAt(maps, { channel: 0, row: 2, column: 0 })).toBeUndefined();
  expect(asked(maps, { channel: 1, row: 1, column: 2 })).toEqual({ channel: 1, row: 1, column: 2 });
});

test('the strongest value and its channel are found', () => {
  expect(strongestCell(maps, 0)).toEqual({ channel: 0, row: 1, column: 2 });
  expect(strongestChannel(maps)).toBe(1);
  expect(strongestCell(maps, 1)).toEqual({ channel: 1, row: 0, column: 1 });
});

test('a list of values is one square map, whose last cells stand for none', () => {
  const list = mapsOf([5], Float32Array.of(1, 2, 3, 4, 5));
  expect([list.channels, list.height, list.width]).toEqual([1, 2, 3]);
  expect(valueAt(list, { channel: 0, row: 1, column: 1 })).toBe(5);
  expect(valueAt(list, { channel: 0, row: 1, column: 2 })).toBeUndefined();
  expect(asked(list, { channel: 0, row: 1, column: 1 })).toEqual({ channel: 4, row: 0, column: 0 });
});
