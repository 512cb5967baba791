import { expect, test } from 'vitest';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { describeNetwork } from '../../../src/ml/network/describe.ts';
import { presetNames, presetSpec } from '../../../src/ml/network/presets.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';

const input = { width: 96, height: 96 };
const describe = (spec: unknown) => describeNetwork(spec, input, 30);
const conv = { type: 'conv', filters: 8, kernel: 3, stride: 2 } as const;

test.each(presetNames)('the layers of %s add up to the network', (name) => {
  const { layers, problems, totals } = describe(presetSpec(name));
  const { parameterCount, multiplyAdds, receptiveField } = shapeNetwork(presetSpec(name), input, 30);
  const sum = (of: 'parameters' | 'multiplyAdds') => layers.reduce((total, layer) => total + layer[of]!, 0);
  expect(problems).toEqual([]);
  expect(totals).toEqual({ parameters: parameterCount, multiplyAdds, receptiveField });
  expect([sum('parameters'), sum('multiplyAdds')]).toEqual([parameterCount, multiplyAdds]);
});

test('each layer has its shape, its cost and what of the picture it sees', () => {
  const { layers } = describe({ layers: [conv, { type: 'maxPool', size: 2 }, { type: 'flatten' }] });
  expect(layers.map(({ place, name, output, parameters, receptiveField }) => [place, name, output, parameters, receptiveField])).toEqual([
    ['1', 'conv1', [8, 47, 47], 80, [3, 3]],
    ['2', 'maxPool1', [8, 23, 23], 0, [5, 5]],
    ['3', 'flatten1', [4232], 0, [96, 96]],
    ['output', 'output', [30], 126_990, [96, 96]],
  ]); // prettier-ignore
});

test('a layer that does not fit says so, and those behind it have no shape', () => {
  const { layers, problems, totals } = describe({
    layers: [conv, { type: 'dense', units: 4 }, { type: 'relu' }],
  });
  expect(layers.map(({ output, problems: own }) => [output, own])).toEqual([
    [[8, 47, 47], []],
    [
      null,
      [
        {
          field: null,
          message:
            'needs a list of values, but is given a map of 8x47x47; put flatten or globalAveragePool before it',
        },
      ],
    ],
    [null, []],
  ]);
  expect([problems, totals]).toEqual([[], null]);
});

test('every wrong field is said at its layer, all at once', () => {
  const { layers } = describe({
    layers: [{ type: 'conv', filters: 0, kernel: 3 }, { type: 'dropout', rate: 2 }, { type: 'swish' }, 7],
  });
  expect(layers.map(({ problems }) => problems.map(({ field }) => field))).toEqual([
    ['filters'],
    ['rate'],
    [null],
    [null],
  ]);
});

test('what is wrong inside a residual block stands inside it', () => {
  const body: Layer[] = [
    { type: 'conv', filters: 4, kernel: 3, padding: 1 },
    { type: 'dense', units: 3 },
  ];
  const { layers } = describe({ layers: [{ type: 'residual', body }] });
  expect(layers[0]!.problems).toEqual([]);
  expect(layers[0]!.body.map(({ place, name, problems }) => [place, name, problems.length])).toEqual([
    ['1.1', 'residual1.conv1', 0],
    ['1.2', 'residual1.dense1', 1],
  ]);
});

test('a network that ends with a map is wrong as a whole', () => {
  expect(describe({ layers: [conv] })).toMatchObject({
    layers: [{ output: [8, 47, 47] }],
    problems: [expect.stringContaining('ends with a map of 8x47x47')],
    totals: null,
  });
});

test.each([[null], [7], [{}], [{ layers: 'conv' }], [{ layers: [], depth: 3 }]])(
  '%j is no network, and that is said',
  (spec) => {
    const { problems, totals } = describe(spec);
    expect(problems).not.toEqual([]);
    expect(totals).toBeNull();
  },
);
