import { expect, test } from 'vitest';
import { describeNetwork } from '../../../src/ml/network/describe.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import {
  blockOf,
  inOrder,
  ownCost,
  short,
  shortShape,
  titleOf,
} from '../../../src/renderer/models/drawing.ts';

const { layers, totals } = describeNetwork(presetSpec('default'), { width: 96, height: 96 }, 30);

test('a block’s body stands before the block, and nothing is counted twice', () => {
  const drawn = inOrder(layers);
  expect(drawn.slice(0, 6).map(({ name }) => name)).toEqual([
    'conv1',
    'relu1',
    'residual1.conv1',
    'residual1.relu1',
    'residual1.conv2',
    'residual1',
  ]);
  expect(drawn.map(titleOf).slice(0, 6)).toEqual([
    'conv 1',
    'relu 1',
    'conv 1',
    'relu 1',
    'conv 2',
    'residual 1',
  ]);
  const costs = drawn.map(ownCost);
  expect(costs.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(totals!.parameters);
  expect(costs.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)).toBe(totals!.multiplyAdds);
});

test('maps are drawn lower and deeper along the network', () => {
  const [first, last] = [blockOf([32, 48, 48], 96), blockOf([128, 6, 6], 96)];
  expect(first.height).toBeGreaterThan(last.height);
  expect(first.width).toBeLessThan(last.width);
});

test('shapes and costs are short where there is little room', () => {
  expect([shortShape([32, 48, 48]), shortShape([32, 48, 40]), shortShape([9216])]).toEqual([
    '32 × 48²',
    '32 × 48 × 40',
    '9,216',
  ]);
  expect([832, 9216, 1_843_200, 17_334_272].map(short)).toEqual(['832', '9.2 k', '1.8 M', '17 M']);
});
