import { expect, test } from 'vitest';
import { arithmeticOf, type Arithmetic } from '../../../src/ml/inspection/arithmetic.ts';
import { locate } from '../../../src/ml/inspection/locate.ts';
import { cellsOf, everyPlaced, observe } from './observed.ts';

/** As a person would work it out from the numbers on the screen. */
function result(arithmetic: Arithmetic): number {
  switch (arithmetic.kind) {
    case 'weighted':
      return arithmetic.patch.values.reduce(
        (sum, input, i) => sum + input * arithmetic.weights[i]!,
        arithmetic.bias,
      );
    case 'meanPlace':
      return arithmetic.patch.values.reduce((sum, share, i) => sum + share * arithmetic.weights[i]!, 0);
    case 'max':
      return Math.max(...arithmetic.patch.values);
    case 'mean':
      return arithmetic.patch.values.reduce((sum, input) => sum + input, 0) / arithmetic.patch.values.length;
    case 'relu':
      return Math.max(0, arithmetic.input);
    case 'batchNorm': {
      const { input, mean, variance, epsilon, scale, shift } = arithmetic;
      return ((input - mean) / Math.sqrt(variance + epsilon)) * scale + shift;
    }
    case 'residual':
      return arithmetic.shortcut + arithmetic.scale * arithmetic.body;
    case 'same':
      return arithmetic.input;
  }
}

test('the numbers behind every value of every layer come to that value', async () => {
  const { layers, parameters, values } = await observe();
  const kinds = new Set<string>();
  for (const { name } of everyPlaced(layers)) {
    const location = locate(layers, name)!;
    cellsOf(location.layer).forEach((cell, at) => {
      const arithmetic = arithmeticOf(location, cell, values, parameters);
      kinds.add(arithmetic.kind);
      expect(result(arithmetic), name).toBeCloseTo(values.get(name)![at]!, 4);
    });
  }
  expect([...kinds].sort()).toEqual(['batchNorm', 'max', 'mean', 'relu', 'residual', 'same', 'weighted']);
});

test('the output behind heat maps is the mean of their cells, row by row as a person looks at them', async () => {
  const { layers, parameters, values } = await observe([
    { type: 'conv', filters: 3, kernel: 3, stride: 2 },
    { type: 'heatMap', cells: 2 },
  ]);
  const location = locate(layers, 'output')!;
  cellsOf(location.layer).forEach((cell, at) => {
    const arithmetic = arithmeticOf(location, cell, values, parameters);
    expect(arithmetic).toMatchObject({ kind: 'meanPlace', patch: { shape: [1, 6, 8] } });
    expect(result(arithmetic)).toBeCloseTo(values.get('output')![at]!, 5);
    const { weights } = arithmetic as Extract<Arithmetic, { kind: 'meanPlace' }>;
    const [first, right, below] = [weights[0]!, weights[1]!, weights[8]!];
    if (at % 2 === 0) expect([right - first, below - first]).toEqual([expect.closeTo(1 / 4), 0]);
    else expect([right - first, below - first]).toEqual([0, expect.closeTo(1 / 3)]);
  });
});

test('a patch says where in the input it lies, and is 0 beyond its edge', async () => {
  const { layers, parameters, values, image } = await observe();
  const arithmetic = arithmeticOf(
    locate(layers, 'conv1')!,
    { channel: 0, row: 0, column: 8 },
    values,
    parameters,
  );
  expect(arithmetic).toMatchObject({ kind: 'weighted', patch: { shape: [1, 3, 3], origin: [-1, 7] } });
  const { patch } = arithmetic as Extract<Arithmetic, { kind: 'weighted' }>;
  expect([...patch.values]).toEqual([0, 0, 0, image[7], image[8], 0, image[16], image[17], 0]);
});

test('a dense layer behind a flattened map reads it as the map that it was', async () => {
  const { layers, parameters, values } = await observe();
  const cell = { channel: 1, row: 0, column: 0 };
  const arithmetic = arithmeticOf(locate(layers, 'dense1')!, cell, values, parameters);
  expect(arithmetic).toMatchObject({ patch: { shape: locate(layers, 'flatten1')!.layer.input } });
});
