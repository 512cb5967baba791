/** The engine `onnx` with maps in blocks of channels, beside itself with standard operators. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { randomStream } from '../../../../src/domain/random.ts';
import type { Batch, InputShape, Parameters, TrainerConfig } from '../../../../src/ml/engine/engine.ts';
import { mapsInColumns } from '../../../../src/ml/engine/onnx/blocked/columns.ts';
import { probeBlocks } from '../../../../src/ml/engine/onnx/blocked/probe.ts';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import { isMap } from '../../../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../../../src/ml/network/shapes.ts';
import { normalise } from '../../../../src/ml/augment/normalise.ts';
import { importArchive } from '../../../../src/workspace/import/import.ts';
import { Workspace } from '../../../../src/workspace/workspace.ts';
import { expectTrueGradient, gradientOf } from '../gradient.ts';
import { referenceEngine } from '../reference.ts';
import { randomBatch, randomParameters, smallConfig } from '../small-networks.ts';
import type { TestedEngine } from '../suite.ts';

const archive = resolve(import.meta.dirname, '../../../../../shared/data/facial-keypoints-detection.zip');
const blocks = await probeBlocks();
const [inBlocks, plain] = [await loadOnnxEngine('blocks'), await loadOnnxEngine('plain')];
/** Where there are none, nothing below runs. */
const block = blocks.size ?? 8;

const relu: Layer = { type: 'relu' };
const flatten: Layer = { type: 'flatten' };
const pool: Layer = { type: 'maxPool', size: 2 };
/** From the picture into blocks, so that the gradient of the input of what follows is tested too. */
const first: Layer = { type: 'conv', filters: block, kernel: 1 };
const many = wide(1);
const odd = { width: 13, height: 11 };
const even = { width: 12, height: 10 };

/** A block of two convolutions, rectified. */
function residual(filters: number, stride = 1): Layer[] {
  const last: Layer = { type: 'conv', filters, kernel: 3, padding: 1 };
  return [{ type: 'residual', body: [{ ...last, stride }, relu, last] }, relu];
}

function wide(kernel: number | readonly [number, number]): Extract<Layer, { type: 'conv' }> {
  return { type: 'conv', filters: 4 * block, kernel };
}

const networks: [string, Layer[], InputShape?][] = [
  ['a convolution of the picture', [{ type: 'conv', filters: block, kernel: 3 }, relu, flatten]],
  [
    'a convolution of the picture with stride and padding',
    [{ type: 'conv', filters: 2 * block, kernel: 5, stride: 2, padding: 2 }, relu, flatten],
  ],
  [
    'a convolution of the picture with max pooling that leaves rows over',
    [{ type: 'conv', filters: block, kernel: [3, 2], padding: 'same' }, relu, pool, flatten],
  ],
  [
    'a convolution of the picture without bias with max pooling over 3 x 3',
    [{ type: 'conv', filters: block, kernel: 2, bias: false }, { type: 'maxPool', size: 3 }, flatten],
  ],
  ['a convolution', [first, { type: 'conv', filters: 2 * block, kernel: 3 }, relu, flatten]],
  ['an oblong kernel', [first, { type: 'conv', filters: block, kernel: [3, 2] }, flatten]],
  ['a convolution of single cells', [first, relu, { type: 'conv', filters: block, kernel: 1 }, flatten]],
  [
    'padding wider than the kernel reaches',
    [first, { type: 'conv', filters: block, kernel: 3, padding: 3 }, flatten],
  ],
  [
    'stride 2, padding same, odd sides',
    [first, { type: 'conv', filters: block, kernel: 3, stride: 2, padding: 'same' }, flatten],
  ],
  [
    'stride 2, padding same, even sides',
    [first, { type: 'conv', filters: block, kernel: 3, stride: 2, padding: 'same' }, flatten],
    even,
  ],
  [
    'stride 2 that leaves a row over',
    [first, { type: 'conv', filters: block, kernel: 2, stride: 2 }, flatten],
  ],
  [
    'stride 3, padding by number, no bias',
    [first, { type: 'conv', filters: block, kernel: 4, stride: 3, padding: 2, bias: false }, flatten],
  ],
  [
    'a stride longer than the kernel',
    [first, { type: 'conv', filters: block, kernel: 2, stride: 3 }, flatten],
  ],
  [
    'channels that do not fill blocks',
    [
      { type: 'conv', filters: block + 3, kernel: 3 },
      relu,
      { type: 'conv', filters: block, kernel: 2 },
      relu,
      { type: 'conv', filters: 3, kernel: 2 },
      pool,
      { type: 'conv', filters: block, kernel: 2 },
      flatten,
    ],
  ],
  [
    'channels that nearly fill their last block',
    [
      { type: 'conv', filters: 2 * block - 1, kernel: 3 },
      relu,
      { type: 'conv', filters: block, kernel: 2 },
      relu,
      { type: 'conv', filters: 2 * block - 3, kernel: 3, stride: 2, padding: 1, bias: false },
      relu,
      { type: 'conv', filters: block, kernel: 1 },
      { type: 'conv', filters: 2 * block - 2, kernel: 1 },
      flatten,
    ],
  ],
  ['max pooling', [first, relu, pool, flatten]],
  ['max pooling over 3 x 3 that leaves rows over', [first, { type: 'maxPool', size: 3 }, flatten]],
  ['max pooling with overlap', [first, { type: 'maxPool', size: 3, stride: 2 }, flatten]],
  ['average pooling that leaves rows over', [first, { type: 'averagePool', size: 2 }, flatten]],
  ['average pooling with overlap', [first, { type: 'averagePool', size: 3, stride: 2 }, flatten]],
  ['global average pooling', [first, relu, { type: 'globalAveragePool' }]],
  ['heat maps', [first, relu, { type: 'heatMap', cells: 2 }]],
  ['max pooling of the picture itself', [pool, { type: 'conv', filters: block, kernel: 2 }, flatten]],
  [
    'batch norm',
    [
      { type: 'conv', filters: block, kernel: 3 },
      { type: 'batchNorm' },
      relu,
      { type: 'conv', filters: block, kernel: 3, stride: 2 },
      flatten,
    ],
  ],
  ['dropout of maps', [first, { type: 'dropout', rate: 0.4 }, flatten]],
  [
    'residual blocks beside what they read, and beside a projection',
    [first, ...residual(block), ...residual(2 * block), flatten],
  ],
  ['residual blocks beside means of 2 x 2 cells', [first, ...residual(2 * block, 2), flatten], even],
  ['residual blocks beside means that leave rows over', [first, ...residual(2 * block, 2), flatten]],
  [
    'residual blocks with stride, projection and a learnt scale',
    [
      { type: 'residual', body: [{ type: 'conv', filters: block, kernel: 3, padding: 'same' }] },
      relu,
      {
        type: 'residual',
        scale: true,
        body: [
          { type: 'conv', filters: 2 * block, kernel: 3, stride: 2, padding: 'same' },
          relu,
          { type: 'conv', filters: 2 * block, kernel: 3, padding: 1 },
        ],
      },
      relu,
      pool,
      flatten,
    ],
  ],
];

/** Their gradients are found with fewer products, which layers on both sides have to stand beside. */
const narrow: [string, Layer[], InputShape?][] = [
  ['a convolution', [many, wide(3), relu, flatten]],
  ['padding, no bias', [many, { ...wide(3), padding: 1, bias: false }, relu, flatten], even],
  ['uneven padding', [many, { ...wide([3, 4]), padding: 'same' }, flatten], { width: 10, height: 12 }],
  ['tiles that leave cells over', [many, wide(5), flatten], { width: 17, height: 11 }],
  [
    'tiles with one more to fill a block',
    [many, { ...wide(3), padding: 1 }, flatten],
    { width: 17, height: 5 },
  ],
  [
    'residual blocks, one with a projection, beside pools and heat maps',
    [
      first,
      ...residual(4 * block, 2),
      ...residual(4 * block),
      { type: 'conv', filters: 4 * block, kernel: 1 },
      { type: 'residual', scale: true, body: [{ ...wide(3), padding: 1 }] },
      pool,
      { type: 'conv', filters: block, kernel: [3, 1], padding: 'same' },
      { type: 'heatMap', cells: 2 },
    ],
    { width: 24, height: 20 },
  ],
  [
    'batch norm, dropout and strides',
    [
      { ...many, bias: false },
      wide(3),
      { type: 'batchNorm' },
      relu,
      { ...wide(3), padding: 1 },
      { type: 'dropout', rate: 0.4 },
      { type: 'conv', filters: block, kernel: 2, stride: 2 },
      flatten,
    ],
  ],
];

const likeLenet: Layer[] = [
  { type: 'conv', filters: block, kernel: 3 },
  relu,
  pool,
  { type: 'conv', filters: 2 * block, kernel: 2 },
  relu,
  pool,
  flatten,
  { type: 'dense', units: 6 },
  relu,
];

if (blocks.size === undefined) test.skip(`maps in blocks: ${blocks.reason}`);
else
  describe(`maps in blocks of ${block} channels`, () => {
    test.each(networks)('the gradient of %s is that with standard operators', async (_, layers, input) => {
      // In two parts of less than a block; where batch norm needs it whole, more than one block, not all of it filled.
      const config = smallConfig(layers, input ?? odd, { batchSize: block + 3, threads: 1 });
      await expectSameGradient(config, randomBatch(config));
    });

    test.each(narrow)(
      'on narrow maps the gradient of %s is that with standard operators',
      async (_, layers, input) => {
        const config = smallConfig(layers, input ?? odd, { batchSize: block + 3, threads: 2 });
        const placed = shapeNetwork(config.spec, config.input, config.outputs).layers;
        const inColumns = mapsInColumns(placed, block);
        expect(placed.some(({ input }) => isMap(input) && inColumns(input))).toBe(true);
        await expectSameGradient(config, randomBatch(config));
      },
    );

    test('cells that share the maximum of a window share its gradient', async () => {
      for (const layers of [likeLenet, [first, pool, flatten]]) {
        const config = smallConfig(layers, odd);
        const batch = randomBatch(config);
        await expectTrueGradient(inBlocks, layers, odd, config.loss, {
          ...batch,
          images: batch.images.fill(0.5),
        });
        await expectSameGradient(config, { ...batch, images: batch.images.map((_, at) => (at >> 1) & 1) });
      }
    });

    test.each([
      ['like lenet5', likeLenet],
      ['of residual blocks', networks.at(-1)![1]],
    ])(
      'on smooth pictures a net %s has the gradient of the reference, in blocks and not',
      async (_, layers) => {
        const config = smallConfig(layers, { width: 32, height: 30 });
        const batch = { ...randomBatch(config), images: smoothPictures(config) };
        const expected = await gradient(referenceEngine, config, batch);
        for (const engine of [inBlocks, plain]) expectClose(await gradient(engine, config, batch), expected);
      },
    );

    test.runIf(existsSync(archive))(
      'on real faces both graphs have the gradient of the reference (skipped where ../shared/data is absent)',
      async () => {
        const config = smallConfig(likeLenet, { width: 96, height: 96 });
        const batch = { ...randomBatch(config), images: await realFaces(config.batchSize) };
        const expected = await gradient(referenceEngine, config, batch);
        for (const engine of [inBlocks, plain]) expectClose(await gradient(engine, config, batch), expected);
      },
    );

    test('training goes on in blocks where it was without them, and the other way round', async () => {
      const config = smallConfig(likeLenet, odd, {
        optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 },
      });
      const [a, b] = await Promise.all(
        [inBlocks, plain].map((engine) => engine.createTrainer(config, randomParameters(config))),
      );
      for (let step = 0; step < 3; step++) await a!.step(randomBatch(config, step), 0.01);
      b!.restore(a!.state());
      expect(b!.state()).toEqual(a!.state());
      for (const trainer of [a!, b!])
        for (let step = 3; step < 6; step++) await trainer.step(randomBatch(config, step), 0.01);
      expectClose(b!.state().parameters, a!.state().parameters);
    });

    test('the same seed gives the same parameters to the last bit', async () => {
      const config = smallConfig(networks.at(-1)![1], odd, { batchSize: 2 * block });
      const [one, again] = await Promise.all(
        [1, 2].map(async () => {
          const trainer = await inBlocks.createTrainer(config, randomParameters(config));
          for (let step = 0; step < 4; step++) await trainer.step(randomBatch(config, step), 0.01);
          return trainer.state();
        }),
      );
      expect(again).toEqual(one);
    });

    test('a weight that is no longer a number makes a loss that is none', async () => {
      const config = smallConfig(likeLenet, odd);
      const start = randomParameters(config);
      start.get('conv2.weight')!.data[5] = NaN;
      const trainer = await inBlocks.createTrainer(config, start);
      expect((await trainer.step(randomBatch(config), 0.01)).loss).toBeNaN();
    });
  });

async function expectSameGradient(config: TrainerConfig, batch: Batch) {
  expectClose(await gradient(inBlocks, config, batch), await gradient(plain, config, batch));
}

async function gradient(engine: TestedEngine, config: TrainerConfig, batch: Batch): Promise<Parameters> {
  const start = randomParameters(config);
  const trainer = await engine.createTrainer(config, start);
  const found = await gradientOf(trainer, start, batch);
  await trainer.dispose();
  return new Map(Array.from(found, ([name, data]) => [name, { shape: start.get(name)!.shape, data }]));
}

/**
 * Every value within 1e-4 of the largest of its parameter, or within what rounding the largest of all makes of nothing: a
 * bias before batch norm has no gradient, but is a sum of many.
 */
function expectClose(found: Parameters, expected: Parameters) {
  const scales = new Map(Array.from(expected, ([name, { data }]) => [name, Math.max(...data.map(Math.abs))]));
  const rounding = 1e-5 + 2 ** -23 * Math.max(...scales.values());
  for (const [name, { data }] of expected) {
    const scale = scales.get(name)!;
    const worst = Math.max(...data.map((value, at) => Math.abs(value - found.get(name)!.data[at]!)));
    expect(worst, `${name}, at most ${scale}`).toBeLessThan(rounding + 1e-4 * scale);
  }
}

/** Every 700th, normalised: [count, 1, 96, 96]. */
async function realFaces(count: number): Promise<Float32Array> {
  const folder = mkdtempSync(join(tmpdir(), 'fiducial-faces-'));
  const workspace = Workspace.open(folder, { create: true });
  await importArchive(workspace, archive, {});
  const faces = Array.from({ length: count }, (_, i) => {
    const face = Float32Array.from(workspace.images.pixels(workspace.images.ids()[700 * i]!));
    normalise(face, 'standardise');
    return [...face];
  });
  workspace.close();
  rmSync(folder, { recursive: true });
  return Float32Array.from(faces.flat());
}

/** Light from one side, with a few round shadows. */
function smoothPictures({ input: { width, height }, batchSize }: TrainerConfig): Float32Array {
  const random = randomStream(11);
  const pictures = Array.from({ length: batchSize }, () => {
    const spots = Array.from({ length: 4 }, () => ({
      x: width * random.uniform(),
      y: height * random.uniform(),
      radius: 3 + 4 * random.uniform(),
    }));
    return Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const shadows = spots.map((spot) =>
        Math.exp(-((x - spot.x) ** 2 + (y - spot.y) ** 2) / (2 * spot.radius ** 2)),
      );
      return x / width + 0.3 * (y / height) - shadows.reduce((sum, shadow) => sum + shadow);
    });
  });
  return Float32Array.from(pictures.flat());
}
