/** The engine `webgpu` beside the reference, on a graphics card or a software driver. */
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import type { Parameters, TrainerConfig } from '../../../../src/ml/engine/engine.ts';
import { pointsOf } from '../../../../src/ml/training/targets.ts';
import { referenceEngine } from '../reference.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from '../small-networks.ts';
import { inWebGpuProcess, type Trained } from './webgpu-process.ts';

const missing = await inWebGpuProcess([]).then(
  () => undefined,
  (error: Error) => error.message,
);

const relu: Layer = { type: 'relu' };
const flatten: Layer = { type: 'flatten' };
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-4, weightDecay: 0.1 } as const;

const networks: [string, Layer[]][] = [
  ['every layer', everyLayer],
  [
    'strides, paddings and oblong kernels',
    [
      { type: 'conv', filters: 9, kernel: [3, 2] },
      relu,
      { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same' },
      { type: 'conv', filters: 4, kernel: 1, stride: 3, padding: 'same', bias: false },
      flatten,
    ],
  ],
  [
    'pooling with overlap, with gaps and with rows left over',
    [
      { type: 'conv', filters: 3, kernel: 1 },
      { type: 'maxPool', size: 3, stride: 1 },
      relu,
      { type: 'maxPool', size: 2 },
      { type: 'averagePool', size: 1, stride: 2 },
      flatten,
    ],
  ],
  [
    'heat maps',
    [
      { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 'same' },
      relu,
      { type: 'heatMap', cells: 2 },
    ],
  ],
  [
    'a residual block inside another, and means of maps',
    [
      { type: 'conv', filters: 3, kernel: 2 },
      {
        type: 'residual',
        body: [
          { type: 'conv', filters: 4, kernel: 3, padding: 'same', stride: 2 },
          {
            type: 'residual',
            scale: true,
            body: [{ type: 'conv', filters: 4, kernel: 1 }, { type: 'batchNorm' }],
          },
        ],
      },
      { type: 'globalAveragePool' },
      { type: 'dense', units: 5 },
      { type: 'batchNorm' },
      relu,
    ],
  ],
];

if (missing !== undefined) test.skip(`engine webgpu: ${missing}`);
else
  describe('engine webgpu', () => {
    test.each(networks)(
      'a net of %s learns on the graphics card alone, with the gradients of the reference',
      async (_, layers) => {
        const config = configOf(layers);
        const batches = [randomBatch(config)];
        const [found, expected] = await trainings(config, batches, 1);
        expectClose(found.state.parameters, expected.state.parameters);
      },
    );

    test('cells that share the maximum of a window share its gradient', async () => {
      const layers: Layer[] = [
        { type: 'conv', filters: 2, kernel: 2 },
        { type: 'maxPool', size: 2 },
        flatten,
      ];
      const config = configOf(layers);
      const batch = randomBatch(config);
      const [found, expected] = await trainings(config, [{ ...batch, images: batch.images.fill(0.5) }], 1);
      expectClose(found.state.parameters, expected.state.parameters);
    });

    test('ten steps of Adam end where those of the reference end, and it goes on from their checkpoint', async () => {
      const config = configOf([{ type: 'conv', filters: 3, kernel: 3 }, relu, flatten], adam);
      const batches = Array.from({ length: 10 }, (_, index) => randomBatch(config, index));
      const [whole, expected] = await trainings(config, batches, 0.01);
      expectClose(whole.state.parameters, expected.state.parameters);
      for (const [step, loss] of expected.losses.entries()) expect(whole.losses[step]).toBeCloseTo(loss, 4);
      const half = await onReference(config, batches.slice(0, 5), 0.01);
      const rest = { kind: 'train', config, start: randomParameters(config), rate: 0.01 } as const;
      const [resumed] = (await inWebGpuProcess([
        { ...rest, from: half.state, batches: batches.slice(5) },
      ])) as [Trained];
      expectClose(resumed.state.parameters, expected.state.parameters);
    });

    test('it predicts as the reference does, to 1e-4 px', async () => {
      const config = {
        ...configOf(networks[3]![1]),
        parameters: randomParameters(configOf(networks[3]![1])),
      };
      const { images } = randomBatch(config, 9);
      const [found] = (await inWebGpuProcess([{ kind: 'predict', config, images }])) as [Float32Array];
      const expected = await (await referenceEngine.createPredictor(config)).predict(images);
      const [own, other] = [found, expected].map((values) => pointsOf(values, config.input));
      for (const [at, value] of other!.entries()) expect(Math.abs(own![at]! - value)).toBeLessThan(1e-4);
    });

    test('a target that is not asked for changes nothing, and a weight that is no number makes a loss that is none', async () => {
      const config = configOf([flatten, { type: 'dense', units: 3 }]);
      const batch = randomBatch(config);
      const targets = batch.targets.map((target, at) => (batch.mask[at] ? target : 0));
      const start = randomParameters(config);
      const spoilt = randomParameters(config);
      spoilt.get('dense1.weight')!.data[5] = NaN;
      const work = { kind: 'train', config, rate: 0.1 } as const;
      const [withNaN, withZero, diverged] = (await inWebGpuProcess([
        { ...work, start, batches: [batch] },
        { ...work, start, batches: [{ ...batch, targets }] },
        { ...work, start: spoilt, batches: [batch] },
      ])) as Trained[];
      expect(withNaN).toEqual(withZero);
      expect(diverged!.losses[0]).toBeNaN();
    });
  });

function configOf(layers: Layer[], optimizer?: TrainerConfig['optimizer']): TrainerConfig {
  return smallConfig(layers, { width: 9, height: 8 }, optimizer && { optimizer });
}

/** On the graphics card and by the reference. */
async function trainings(config: TrainerConfig, batches: ReturnType<typeof randomBatch>[], rate: number) {
  const work = { kind: 'train', config, start: randomParameters(config), batches, rate } as const;
  const [[found], expected] = await Promise.all([
    inWebGpuProcess([work]) as Promise<[Trained]>,
    onReference(config, batches, rate),
  ]);
  return [found, expected] as const;
}

async function onReference(
  config: TrainerConfig,
  batches: ReturnType<typeof randomBatch>[],
  rate: number,
): Promise<Trained> {
  const trainer = await referenceEngine.createTrainer(config, randomParameters(config));
  const losses: number[] = [];
  for (const batch of batches) losses.push((await trainer.step(batch, rate)).loss);
  return { losses, state: trainer.state() };
}

/** Every value within 1e-4 of the largest of its parameter. */
function expectClose(found: Parameters, expected: Parameters) {
  for (const [name, { data }] of expected) {
    const scale = Math.max(...data.map(Math.abs));
    const worst = Math.max(...data.map((value, at) => Math.abs(value - found.get(name)!.data[at]!)));
    expect(worst / scale, name).toBeLessThan(1e-4);
  }
}
