import { expect, test } from 'vitest';
import { InputProblem } from '../../../src/domain/problem.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import type { PlacedLayer } from '../../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';

const face = { width: 96, height: 96 };
const flatten: Layer = { type: 'flatten' };

function shapesOf(layers: readonly PlacedLayer[]) {
  return layers.map(({ name, output }) => `${name} ${output.join('x')}`);
}

function outputOf(layer: Layer, input: { width: number; height: number }) {
  return shapeNetwork({ layers: [layer, flatten] }, input, 2).layers[0]!.output;
}

test('lenet5 is the network of the tutorials', () => {
  const { layers, parameterCount, multiplyAdds, receptiveField } = shapeNetwork(
    presetSpec('lenet5'),
    face,
    30,
  );
  expect(shapesOf(layers.filter(({ type }) => type !== 'relu'))).toEqual([
    'conv1 32x94x94',
    'maxPool1 32x47x47',
    'conv2 64x46x46',
    'maxPool2 64x23x23',
    'conv3 128x22x22',
    'maxPool3 128x11x11',
    'flatten1 15488',
    'dense1 500',
    'dense2 500',
    'output 30',
  ]);
  expect(parameterCount).toBe(8_051_502);
  expect(multiplyAdds).toBe(
    94 ** 2 * 9 * 32 + 46 ** 2 * 4 * 32 * 64 + 22 ** 2 * 4 * 64 * 128 + 15488 * 500 + 500 * 500 + 500 * 30,
  );
  expect(receptiveField).toEqual([16, 16]);
});

test('heat maps have cells for each keypoint, and come to the places of all', () => {
  const layers: Layer[] = [
    { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same' },
    { type: 'heatMap', cells: 2 },
  ];
  const network = shapeNetwork({ layers }, face, 30);
  expect(shapesOf(network.layers)).toEqual(['conv1 4x48x48', 'heatMap1 60x48x48', 'output 30']);
  expect(network.parameters.map(({ name, shape }) => `${name} ${shape.join('x')}`).slice(2)).toEqual([
    'heatMap1.weight 60x4x1x1',
    'heatMap1.bias 60',
  ]);
});

test('parameters come in the order of the network, with the shapes that every engine keeps', () => {
  const layers: Layer[] = [
    { type: 'conv', filters: 4, kernel: [3, 2], bias: false },
    { type: 'batchNorm' },
    { type: 'residual', scale: true, body: [{ type: 'conv', filters: 5, kernel: 1 }] },
    flatten,
  ];
  const { parameters, parameterCount } = shapeNetwork({ layers }, { width: 3, height: 4 }, 6);
  expect(parameters.map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
    'conv1.weight 4x1x3x2',
    'batchNorm1.scale 4',
    'batchNorm1.shift 4',
    'batchNorm1.runningMean 4',
    'batchNorm1.runningVariance 4',
    'residual1.conv1.weight 5x4x1x1',
    'residual1.conv1.bias 5',
    'residual1.shortcut.weight 5x4x1x1',
    'residual1.shortcut.bias 5',
    'residual1.scale 1',
    'output.weight 20x6',
    'output.bias 6',
  ]);
  expect(parameterCount).toBe(24 + 4 + 4 + 25 + 25 + 1 + 126);
});

test.each<[string, Layer, number[]]>([
  ['valid padding leaves the border out', { type: 'conv', filters: 2, kernel: 3 }, [2, 3, 5]],
  ['padding same keeps the sides', { type: 'conv', filters: 2, kernel: 4, padding: 'same' }, [2, 5, 7]],
  [
    'padding same with stride 2 halves them, rounded up',
    { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 'same' },
    [2, 3, 4],
  ],
  ['padding by number', { type: 'conv', filters: 2, kernel: 3, padding: 2 }, [2, 7, 9]],
  ['pools leave out what no window covers', { type: 'maxPool', size: 2 }, [1, 2, 3]],
  ['pools with overlap', { type: 'averagePool', size: 3, stride: 2 }, [1, 2, 3]],
])('%s', (_, layer, expected) => {
  expect(outputOf(layer, { width: 7, height: 5 })).toEqual(expected);
});

test('padding same puts the odd row below and the odd column to the right', () => {
  const [layer] = shapeNetwork(
    { layers: [{ type: 'conv', filters: 1, kernel: 2, padding: 'same' }, flatten] },
    face,
    2,
  ).layers;
  expect(layer).toMatchObject({ window: { padding: [0, 0, 1, 1] } });
});

test('a residual block that halves its map has a shortcut that does', () => {
  const body: Layer[] = [
    { type: 'conv', filters: 1, kernel: 3, stride: 2, padding: 'same' },
    { type: 'maxPool', size: 3, stride: 1 },
  ];
  const same = {
    type: 'residual',
    body: [{ type: 'conv', filters: 1, kernel: 3, padding: 'same' }],
  } satisfies Layer;
  const halved = { type: 'residual', body: body.slice(0, 1) } satisfies Layer;
  const { layers } = shapeNetwork({ layers: [same, halved, flatten] }, face, 2);
  expect(layers[0]).toMatchObject({ shortcut: [] });
  expect(layers[1]).toMatchObject({
    shortcut: [{ type: 'averagePool', output: [1, 48, 48] }],
  });
  expect(() => outputOf({ type: 'residual', body }, face)).toThrow(
    'layer 1 (residual): the body turns 1x96x96 into 1x46x46, but a shortcut of stride 2 gives 1x48x48',
  );
});

test.each<[string, Layer[], string]>([
  [
    'a kernel larger than its map',
    [
      { type: 'maxPool', size: 40 },
      { type: 'conv', filters: 8, kernel: 5 },
    ],
    'layer 2 (conv): a 5x5 kernel does not fit in a 2x2 map',
  ],
  [
    'a map for a dense layer',
    [{ type: 'dense', units: 3 }],
    'layer 1 (dense): needs a list of values, but is given a map of 1x96x96',
  ],
  [
    'values for a convolution',
    [flatten, { type: 'conv', filters: 1, kernel: 1 }],
    'layer 2 (conv): needs a map, but is given a list of 9216 values',
  ],
  [
    'a misfit inside a body',
    [{ type: 'residual', body: [flatten, flatten] }],
    'layer 1.2 (flatten): needs a map',
  ],
  [
    'a body that flattens',
    [{ type: 'residual', body: [flatten] }],
    'layer 1 (residual): the body turns 1x96x96 into 9216, which cannot be added',
  ],
  ['a map at the end', [{ type: 'relu' }], 'network: ends with a map of 1x96x96'],
])('%s is an error that names the layer', (_, layers, message) => {
  const shape = () => shapeNetwork({ layers }, face, 30);
  expect(shape).toThrow(InputProblem);
  expect(shape).toThrow(message);
});
