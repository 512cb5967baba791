import { expect, test } from 'vitest';
import { cellsOf, figure, termsOf } from '../../../src/renderer/models/terms.ts';

const weighted = {
  shape: [2, 1, 2] as const,
  inputs: Float32Array.of(1, 2, 3, 4),
  weights: Float32Array.of(0.5, 0.25, -2, 1),
  bias: 0.5,
};

test('a weighted sum is taken apart by channel, the largest amounts first', () => {
  expect(termsOf(weighted)).toEqual([
    { channel: 1, sum: -2 },
    { channel: 0, sum: 1 },
  ]);
});

test('of one channel each cell shows what is multiplied', () => {
  expect(cellsOf(weighted, 1)).toEqual([
    [
      { input: 3, weight: -2, product: -6 },
      { input: 4, weight: 1, product: 4 },
    ],
  ]);
});

test('numbers have the digits that count', () => {
  expect([0, 1.23456, -0.0123, 12.345, -123.45, 12345.6, 0.00002].map(figure)).toEqual([
    '0',
    '1.235',
    '−0.012',
    '12.35',
    '−123.5',
    '12346',
    '2.0e-5',
  ]);
});
