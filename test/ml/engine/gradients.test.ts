import { test } from 'vitest';
import type { InputShape, LossConfig } from '../../../src/ml/engine/engine.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { expectTrueGradient } from './gradient.ts';
import { randomBatch, smallConfig } from './small-networks.ts';
import { onEveryEngineAndReference } from './suite.ts';

/** A layer that learns comes first, so that the gradient of the input of what follows is tested too. */
const first: Layer = { type: 'conv', filters: 2, kernel: 1 };
const relu: Layer = { type: 'relu' };
const flatten: Layer = { type: 'flatten' };
const wide = { width: 7, height: 5 };

const networks: [string, Layer[], InputShape][] = [
  [
    'dense layers',
    [flatten, { type: 'dense', units: 5 }, relu, { type: 'dense', units: 3 }],
    { width: 3, height: 2 },
  ],
  [
    'a dense layer without bias',
    [flatten, { type: 'dense', units: 3, bias: false }],
    { width: 3, height: 2 },
  ],
  ['a convolution', [first, { type: 'conv', filters: 3, kernel: 3 }, flatten], wide],
  [
    'a convolution of many channels',
    [{ ...first, filters: 9 }, { type: 'conv', filters: 2, kernel: 2 }, flatten],
    wide,
  ],
  ['an oblong kernel', [first, { type: 'conv', filters: 2, kernel: [3, 2] }, flatten], wide],
  [
    'stride 2 that leaves a row over',
    [first, { type: 'conv', filters: 3, kernel: 2, stride: 2 }, flatten],
    wide,
  ],
  [
    'stride 2, padding same, odd sides',
    [first, { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same' }, flatten],
    wide,
  ],
  [
    'stride 2, padding same, even sides',
    [first, { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same' }, flatten],
    { width: 6, height: 4 },
  ],
  [
    'a stride longer than the kernel',
    [first, { type: 'conv', filters: 3, kernel: 1, stride: 3, padding: 'same' }, flatten],
    wide,
  ],
  [
    'stride 3, padding by number, no bias',
    [first, { type: 'conv', filters: 3, kernel: 4, stride: 3, padding: 2, bias: false }, flatten],
    wide,
  ],
  [
    'max pooling after ReLU',
    [first, { type: 'conv', filters: 2, kernel: 2 }, relu, { type: 'maxPool', size: 2 }, flatten],
    wide,
  ],
  ['max pooling that leaves rows over', [first, { type: 'maxPool', size: 3 }, flatten], wide],
  [
    'max pooling with overlap',
    [first, { type: 'maxPool', size: 3, stride: 2 }, flatten],
    { width: 8, height: 6 },
  ],
  ['max pooling with gaps', [first, { type: 'maxPool', size: 2, stride: 3 }, flatten], wide],
  ['average pooling that leaves rows over', [first, { type: 'averagePool', size: 2 }, flatten], wide],
  ['average pooling with overlap', [first, { type: 'averagePool', size: 3, stride: 2 }, flatten], wide],
  [
    'global average pooling',
    [first, { type: 'conv', filters: 5, kernel: 3 }, { type: 'globalAveragePool' }],
    wide,
  ],
  [
    'heat maps of the same size',
    [first, { type: 'conv', filters: 3, kernel: 3 }, { type: 'heatMap', cells: 1 }],
    wide,
  ],
  [
    'heat maps of twice the size',
    [first, { type: 'conv', filters: 3, kernel: 3, stride: 2 }, relu, { type: 'heatMap', cells: 2 }],
    wide,
  ],
  ['batch norm of maps', [first, { type: 'batchNorm' }, relu, flatten], { width: 3, height: 2 }],
  [
    'batch norm of values',
    [flatten, { type: 'dense', units: 4 }, { type: 'batchNorm', epsilon: 0.1 }, relu],
    { width: 3, height: 2 },
  ],
  [
    'a residual block',
    [
      first,
      { type: 'residual', body: [relu, { type: 'conv', filters: 2, kernel: 3, padding: 'same' }] },
      flatten,
    ],
    wide,
  ],
  [
    'a residual block with a learnt scale',
    [
      first,
      { type: 'residual', scale: true, body: [{ type: 'conv', filters: 2, kernel: 3, padding: 'same' }] },
      flatten,
    ],
    wide,
  ],
  [
    'a residual block with stride, projection and pooling inside a block',
    [
      first,
      {
        type: 'residual',
        body: [
          { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same' },
          relu,
          { type: 'residual', body: [{ type: 'conv', filters: 3, kernel: 1 }, { type: 'batchNorm' }] },
        ],
      },
      { type: 'maxPool', size: 2 },
      flatten,
    ],
    wide,
  ],
  [
    'dropout of maps and of values',
    [
      first,
      { type: 'dropout', rate: 0.4 },
      flatten,
      { type: 'dense', units: 6 },
      { type: 'dropout', rate: 0.5 },
    ],
    { width: 3, height: 3 },
  ],
];

onEveryEngineAndReference((engine) => {
  test.each(networks)('the gradient of %s is what finite differences say', async (_, layers, input) => {
    await expectTrueGradient(engine, layers, input, { kind: 'mse' });
  });

  test.each<LossConfig>([
    { kind: 'huber', delta: 0.7 },
    { kind: 'wing', width: 0.7, curvature: 0.3 },
  ])('the gradient of the loss $kind is what finite differences say, near and beyond', async (loss) => {
    await expectTrueGradient(engine, [flatten, { type: 'dense', units: 5 }], { width: 3, height: 2 }, loss);
  });

  test('cells that share the maximum of a window share its gradient: flat pictures have the gradient that differences say', async () => {
    const layers: Layer[] = [
      { type: 'conv', filters: 2, kernel: 2 },
      relu,
      { type: 'maxPool', size: 2 },
      flatten,
    ];
    const config = smallConfig(layers, { width: 9, height: 7 });
    const batch = randomBatch(config);
    for (const [size, stride] of [
      [2, 2],
      [3, 2],
    ] as const) {
      layers[2] = { type: 'maxPool', size, stride };
      await expectTrueGradient(
        engine,
        layers,
        config.input,
        { kind: 'mse' },
        { ...batch, images: batch.images.fill(0.5) },
      );
    }
  });
});
