import { expect, test } from 'vitest';
import { cellPlaces } from '../../../src/ml/network/cell-places.ts';
import type { SoftArgmaxLayer } from '../../../src/ml/network/placed.ts';
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

test('heat maps are one map for each keypoint, its cells where the network takes them to lie', () => {
  const layer = { input: [8, 2, 3], cells: 2 } as unknown as SoftArgmaxLayer;
  const places = cellPlaces(layer);
  const [x, y] = [0, 1].map((axis) => places.filter((_, at) => at % 2 === axis)) as [
    Float32Array,
    Float32Array,
  ];
  const heat = mapsOf([8, 2, 3], Float32Array.of(...x, ...y), 2);
  expect([heat.channels, heat.height, heat.width]).toEqual([2, 4, 6]);
  const middles = (count: number) => Array.from({ length: count }, (_, at) => (2 * at + 1) / count - 1);
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 6; column++) {
      expect(valueAt(heat, { channel: 0, row, column })).toBeCloseTo(middles(6)[column]!);
      expect(valueAt(heat, { channel: 1, row, column })).toBeCloseTo(middles(4)[row]!);
    }
});

test('a cell of a heat map is asked for by the channel that it comes from', () => {
  const values = new Float32Array(8 * 2 * 3).map((_, at) => at);
  const heat = mapsOf([8, 2, 3], values, 2);
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 6; column++) {
      const cell = asked(heat, { channel: 1, row, column });
      expect(valueAt(heat, { channel: 1, row, column })).toBe(
        (cell.channel * 2 + cell.row) * 3 + cell.column,
      );
    }
});
