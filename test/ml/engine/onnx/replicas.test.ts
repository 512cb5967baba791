/** How the engine `onnx` divides a batch. */
import { expect, test } from 'vitest';
import type { Batch } from '../../../../src/ml/engine/engine.ts';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { gradientOf } from '../gradient.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from '../small-networks.ts';

const engine = await loadOnnxEngine();
const input = { width: 9, height: 8 };
const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 } as const;

test('two replicas that share a batch end where one that has it all ends, and always at the same bits', async () => {
  const [shared, again, whole] = await Promise.all(
    [2, 2, 1].map(async (threads) => {
      const layers = everyLayer.filter(({ type }) => type !== 'batchNorm');
      const config = smallConfig(layers, input, { threads, optimizer: adamw });
      const trainer = await engine.createTrainer(config, randomParameters(config));
      for (let step = 0; step < 4; step++) await trainer.step(randomBatch(config, step), 0.01);
      return trainer.state().parameters;
    }),
  );
  expect(again).toEqual(shared);
  for (const [name, { data }] of whole!)
    for (const [at, value] of data.entries()) expect(shared!.get(name)!.data[at]).toBeCloseTo(value, 4);
});

test.each([
  // 1,763 inputs: neither they nor the units make whole groups of four.
  ['of any sides', { width: 43, height: 41 }, 603, 3],
  ['whose inputs and samples fill blocks of channels', { width: 40, height: 40 }, 651, 32],
])(
  'replicas that share the product of a large dense layer %s end where one that has all of it ends',
  async (_, sides, units, batchSize) => {
    const layers: Layer[] = [{ type: 'flatten' }, { type: 'dense', units }, { type: 'relu' }];
    const [shared, again, whole] = await Promise.all(
      [2, 2, 1].map(async (threads) => {
        const config = smallConfig(layers, sides, { threads, batchSize, optimizer: adamw });
        const trainer = await engine.createTrainer(config, randomParameters(config));
        for (let step = 0; step < 3; step++) await trainer.step(randomBatch(config, step), 0.01);
        return trainer.state();
      }),
    );
    expect(again).toEqual(shared);
    for (const [name, { data }] of whole!.parameters)
      expect(farthest(data, shared!.parameters.get(name)!.data), name).toBeLessThan(1e-4);
  },
);

test('a step leaves nothing behind: memory is the same after twenty more', async () => {
  // 4 MB of gradients a step.
  const config = smallConfig(
    [{ type: 'flatten' }, { type: 'dense', units: 600 }],
    { width: 41, height: 40 },
    { threads: 1 },
  );
  const trainer = await engine.createTrainer(config, randomParameters(config));
  const batch = randomBatch(config);
  const after = async (steps: number) => {
    for (let step = 0; step < steps; step++) await trainer.step(batch, 0.01);
    return process.memoryUsage().arrayBuffers;
  };
  const settled = await after(3);
  expect((await after(20)) - settled).toBeLessThan(4e6);
  await trainer.dispose();
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

function farthest(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
}
