import { expect, test } from 'vitest';
import { cellPlaces } from '../../../src/ml/network/cell-places.ts';

const pairs = (values: Float32Array) =>
  Array.from({ length: values.length / 2 }, (_, i) => [...values.subarray(2 * i, 2 * i + 2)]);

test('cells of a map lie in the middles of their parts of the picture', () => {
  const layer = { type: 'softArgmax', name: 'output', input: [1, 1, 4], output: [2], cells: 1 } as const;
  expect(pairs(cellPlaces(layer))).toEqual([
    [-0.75, 0],
    [-0.25, 0],
    [0.25, 0],
    [0.75, 0],
  ]);
});

test('cells of a cell share it, their values channel by channel', () => {
  const layer = { type: 'softArgmax', name: 'output', input: [4, 1, 2], output: [2], cells: 2 } as const;
  expect(pairs(cellPlaces(layer))).toEqual([
    [-0.75, -0.5],
    [0.25, -0.5],
    [-0.25, -0.5],
    [0.75, -0.5],
    [-0.75, 0.5],
    [0.25, 0.5],
    [-0.25, 0.5],
    [0.75, 0.5],
  ]);
});
