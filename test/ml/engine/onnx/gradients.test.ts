import { expect, test } from 'vitest';
import type { Batch, InputShape, LossConfig, Parameters, Trainer } from '../../../../src/ml/engine/engine.ts';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { randomBatch, randomParameters, smallConfig } from './small-networks.ts';

const engine = await loadOnnxEngine();
/** Half the distance between the two points of a difference. */
const STEP = 2e-3;

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

test.each(networks)('the gradient of %s is what finite differences say', async (_, layers, input) => {
  await expectTrueGradient(layers, input, { kind: 'mse' });
});

test('the gradient of the Huber loss is what finite differences say, within delta and beyond', async () => {
  await expectTrueGradient(
    [flatten, { type: 'dense', units: 5 }],
    { width: 3, height: 2 },
    { kind: 'huber', delta: 0.7 },
  );
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
      layers,
      config.input,
      { kind: 'mse' },
      { ...batch, images: batch.images.fill(0.5) },
    );
  }
});

test('a batch that is worked through in parts has the gradient of the whole', async () => {
  // Maps of 8 MB a picture: one at a time.
  const layers: Layer[] = [{ type: 'conv', filters: 8, kernel: 1 }, { type: 'globalAveragePool' }];
  const input = { width: 512, height: 512 };
  const apart = smallConfig(layers, input, { batchSize: 1 });
  const together = smallConfig(layers, input, { batchSize: 2 });
  const batch = randomBatch(together);
  batch.mask.fill(1);
  batch.targets.fill(0.5);
  const part = (index: number): Batch => ({
    images: batch.images.subarray(index * 512 * 512, (index + 1) * 512 * 512),
    targets: batch.targets.subarray(0, 4),
    mask: batch.mask.subarray(0, 4),
  });
  const start = randomParameters(together);
  const whole = await gradientOf(await engine.createTrainer(together, start), start, batch);
  const trainer = await engine.createTrainer(apart, start);
  const parts = [await gradientOf(trainer, start, part(0)), await gradientOf(trainer, start, part(1))];
  for (const [name, gradient] of whole)
    for (const [at, value] of gradient.entries())
      expect(value).toBeCloseTo((parts[0]!.get(name)![at]! + parts[1]!.get(name)![at]!) / 2, 5);
});

async function expectTrueGradient(layers: Layer[], input: InputShape, loss: LossConfig, given?: Batch) {
  const config = smallConfig(layers, input, { loss });
  const start = randomParameters(config);
  const batch = given ?? randomBatch(config);
  const trainer = await engine.createTrainer(config, start);
  const gradient = await gradientOf(trainer, start, batch);
  for (const [name, { data }] of start) {
    if (/running/.test(name)) continue;
    for (const at of data.keys()) {
      const difference = (await lossAt(at, STEP)) - (await lossAt(at, -STEP));
      const expected = difference / (2 * STEP);
      const found = gradient.get(name)![at]!;
      expect(Math.abs(found - expected), `${name}[${at}]: ${found} instead of ${expected}`).toBeLessThan(
        1e-3 + 1e-2 * Math.abs(expected),
      );
    }

    async function lossAt(at: number, offset: number): Promise<number> {
      const moved = data.slice();
      moved[at]! += offset;
      trainer.restore({
        step: 0,
        slots: trainer.state().slots,
        parameters: new Map([...start, [name, { ...start.get(name)!, data: moved }]]),
      });
      return (await trainer.step(batch, 0)).loss;
    }
  }
  await trainer.dispose();
}

/** What one step of plain gradient descent with learning rate 1 takes off. */
async function gradientOf(
  trainer: Trainer,
  start: Parameters,
  batch: Batch,
): Promise<Map<string, Float32Array>> {
  trainer.restore({ step: 0, parameters: start, slots: trainer.state().slots });
  await trainer.step(batch, 1);
  const after = trainer.state().parameters;
  return new Map(
    [...start].map(([name, { data }]) => [name, data.map((value, at) => value - after.get(name)!.data[at]!)]),
  );
}
