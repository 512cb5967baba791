import { expect, test } from 'vitest';
import { InputProblem } from '../../../src/domain/problem.ts';
import { parseNetworkSpec } from '../../../src/ml/network/spec.ts';

test('a spec is kept as it is written: defaults are not filled in', () => {
  const json = { name: 'small', layers: [{ type: 'conv', filters: 4, kernel: [3, 2] }, { type: 'flatten' }] };
  expect(parseNetworkSpec(json)).toEqual(json);
});

test.each([
  [
    'an unknown field',
    [{ type: 'relu' }, { type: 'conv', filters: 2, kernel: 3, kernal: 3 }],
    'layer 2 (conv): unknown field "kernal"',
  ],
  [
    'a field inside a residual body',
    [{ type: 'residual', body: [{ type: 'relu' }, { type: 'dropout', rate: 1 }] }],
    'layer 1.2 (dropout), field rate: expected <1',
  ],
  [
    'a missing field',
    [{ type: 'dense' }],
    'layer 1 (dense), field units: expected number, received undefined',
  ],
  [
    'a kernel that is none',
    [{ type: 'conv', filters: 2, kernel: [1, 2, 3] }],
    'layer 1 (conv), field kernel: expected a whole number or [height, width]',
  ],
  [
    'a padding that is none',
    [{ type: 'conv', filters: 2, kernel: 1, padding: 'full' }],
    'layer 1 (conv), field padding: expected "valid", "same" or a whole number',
  ],
  ['no filters', [{ type: 'conv', filters: 0, kernel: 1 }], 'layer 1 (conv), field filters: expected >=1'],
  [
    'an empty residual body',
    [{ type: 'residual', body: [] }],
    'layer 1 (residual), field body: expected >=1 items',
  ],
  [
    'a heat map before the end',
    [{ type: 'heatMap', cells: 2 }, { type: 'relu' }],
    'layer 1 (heatMap): has to be the last layer',
  ],
  [
    'a heat map inside a block',
    [{ type: 'residual', body: [{ type: 'heatMap', cells: 2 }] }],
    'layer 1.1 (heatMap): unknown type (expected conv, maxPool, averagePool, batchNorm, relu, residual, flatten, globalAveragePool, dense, dropout)',
  ],
  ['something that is no layer', ['relu'], 'layer 1: expected object, received string'],
])('%s is an error that names the layer', (_, layers, message) => {
  expect(() => parseNetworkSpec({ layers })).toThrow(new InputProblem(message));
});

test('an unknown type is answered with those there are', () => {
  expect(() => parseNetworkSpec({ layers: [{ type: 'convolution' }] })).toThrow(
    'layer 1 (convolution): unknown type (expected conv, maxPool, averagePool, batchNorm, relu, residual, flatten, globalAveragePool, dense, dropout, heatMap)',
  );
});

test('an unknown field of the whole is an error', () => {
  expect(() => parseNetworkSpec({ layers: [], optimizer: 'adam' })).toThrow(
    'network: unknown field "optimizer"',
  );
});
