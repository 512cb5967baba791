import { expect, test } from 'vitest';
import { initialParameters } from '../../../src/ml/network/initialise.ts';
import type { Layer, NetworkSpec } from '../../../src/domain/network-spec.ts';

const spec: NetworkSpec = {
  layers: [
    { type: 'conv', filters: 32, kernel: 5 },
    { type: 'batchNorm' },
    { type: 'residual', scale: true, body: [{ type: 'conv', filters: 16, kernel: 1 }] },
    { type: 'flatten' },
    { type: 'dense', units: 64 },
  ],
};
const input = { width: 12, height: 12 };
const parameters = initialParameters(spec, input, 8, 1);
const valuesOf = (name: string) => [...parameters.get(name)!.data];
const deviation = (name: string) => Math.hypot(...valuesOf(name)) / Math.sqrt(valuesOf(name).length);

test('weights before a ReLU have variance 2 / fan-in, those of the output are small', () => {
  expect(deviation('conv1.weight') / Math.sqrt(2 / 25)).toBeCloseTo(1, 1);
  expect(deviation('dense1.weight') / Math.sqrt(2 / 1024)).toBeCloseTo(1, 1);
  expect(deviation('output.weight') / 0.01).toBeCloseTo(1, 1);
});

test('batch norm starts as the identity', () => {
  expect(new Set(valuesOf('batchNorm1.scale'))).toEqual(new Set([1]));
  expect(new Set(valuesOf('batchNorm1.shift'))).toEqual(new Set([0]));
  expect(new Set(valuesOf('batchNorm1.runningVariance'))).toEqual(new Set([1]));
});

test('a residual block starts as its shortcut', () => {
  const conv: Layer = { type: 'conv', filters: 2, kernel: 1 };
  const blocks: Layer[] = [
    { type: 'residual', body: [conv, { type: 'relu' }, conv] },
    { type: 'residual', body: [conv, { type: 'batchNorm' }] },
    { type: 'residual', scale: true, body: [conv] },
  ];
  const start = initialParameters({ layers: [...blocks, { type: 'globalAveragePool' }] }, input, 8, 1);
  const zeros = [...start].filter(
    ([name, { data }]) => !/bias|shift|Mean/.test(name) && data.every((value) => value === 0),
  );
  expect(zeros.map(([name]) => name)).toEqual([
    'residual1.conv2.weight',
    'residual2.batchNorm1.scale',
    'residual3.scale',
  ]);
});

test('the seed determines the weights', () => {
  expect(initialParameters(spec, input, 8, 1)).toEqual(parameters);
  expect(initialParameters(spec, input, 8, 2)).not.toEqual(parameters);
});

test('the bias of the output starts where it is told', () => {
  const mean = Float32Array.from({ length: 8 }, (_, at) => at);
  expect(initialParameters(spec, input, 8, 1, mean).get('output.bias')!.data).toEqual(mean);
  expect(valuesOf('output.bias')).toEqual(Array(8).fill(0));
});
