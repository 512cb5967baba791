import { expect, test } from 'vitest';
import type { Parameters, Trainer, TrainerConfig } from '../../../src/ml/engine/engine.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from './small-networks.ts';
import { onEveryEngineAndReference, type TestedEngine } from './suite.ts';

const input = { width: 9, height: 8 };
const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 } as const;
const withoutDropout = everyLayer.filter(({ type }) => type !== 'dropout');
const linear: Layer[] = [{ type: 'flatten' }];

onEveryEngineAndReference((engine) => {
  test('a target that is not asked for changes nothing, whatever it is', async () => {
    const config = smallConfig(linear, input);
    const batch = randomBatch(config);
    const results = [NaN, Infinity, 0].map(async (nothing) => {
      const targets = batch.targets.map((target, at) => (batch.mask[at] ? target : nothing));
      const trainer = await engine.createTrainer(config, randomParameters(config));
      return { loss: await trainer.step({ ...batch, targets }, 0.1), state: trainer.state() };
    });
    const [withNaN, withInfinity, withZero] = await Promise.all(results);
    expect(withNaN).toEqual(withZero);
    expect(withInfinity).toEqual(withZero);
  });

  test('the loss is the mean over the values asked for', async () => {
    const config = smallConfig(linear, input);
    const trainer = await engine.createTrainer(config, randomParameters(config));
    const predicted = await predict(engine, config, trainer.state().parameters, randomBatch(config).images);
    const targets = predicted.map((value) => value + 3);
    const mask = new Float32Array(targets.length);
    mask[0] = mask[5] = 1;
    const { loss } = await trainer.step({ images: randomBatch(config).images, targets, mask }, 0);
    expect(loss).toBeCloseTo(9, 4);
  });

  test('a batch that asks for nothing has loss 0 and moves no parameter', async () => {
    const config = smallConfig(withoutDropout, input);
    const start = randomParameters(config);
    const trainer = await engine.createTrainer(config, start);
    const batch = randomBatch(config);
    const { loss } = await trainer.step(
      { ...batch, mask: batch.mask.fill(0), targets: batch.targets.fill(NaN) },
      1,
    );
    expect(loss).toBe(0);
    expect(trained(trainer.state().parameters)).toEqual(trained(start));
  });

  test('the same seed gives the same parameters to the last bit, another seed does not', async () => {
    const [one, again, other] = [1, 1, 2].map(async (seed) => {
      const config = smallConfig(everyLayer, input, { seed, optimizer: adamw });
      const trainer = await engine.createTrainer(config, randomParameters(config));
      await steps(trainer, config, 0, 4);
      return trainer.state();
    });
    expect(await again).toEqual(await one);
    expect(await other).not.toEqual(await one);
  });

  test('a trainer that takes over a state goes on to the same parameters to the last bit', async () => {
    const config = smallConfig(everyLayer, input, { optimizer: adamw });
    const first = await engine.createTrainer(config, randomParameters(config));
    await steps(first, config, 0, 3);
    const second = await engine.createTrainer(config, randomParameters(config, 99));
    second.restore(first.state());
    await steps(first, config, 3, 6);
    await steps(second, config, 3, 6);
    expect(second.state()).toEqual(first.state());
  });

  test('neither the start nor a state that was taken changes with later steps', async () => {
    const config = smallConfig(linear, input);
    const start = randomParameters(config);
    const trainer = await engine.createTrainer(config, start);
    const { parameters } = trainer.state();
    await steps(trainer, config, 0, 2);
    expect(parameters).toEqual(randomParameters(config));
    expect(start).toEqual(randomParameters(config));
  });

  test('parameters of another network are refused by name', async () => {
    const config = smallConfig(linear, input);
    const start = randomParameters(config);
    const wider = randomParameters({ ...config, outputs: 6 });
    await expect(engine.createTrainer(config, wider)).rejects.toThrow('output.weight [72,4] is [72,6]');
    await expect(engine.createTrainer(config, new Map())).rejects.toThrow('output.weight [72,4] is missing');
    const more = new Map([...start, ['conv1.weight', start.get('output.bias')!]]);
    await expect(engine.createTrainer(config, more)).rejects.toThrow('this network has no conv1.weight');
  });

  test('a predictor says what the trainer computes, batch norm by the last batch with momentum 0', async () => {
    const config = smallConfig(withoutDropout, input);
    const trainer = await engine.createTrainer(config, randomParameters(config));
    await steps(trainer, config, 0, 3);
    const batch = randomBatch(config);
    await trainer.step(batch, 0);
    const targets = await predict(engine, config, trainer.state().parameters, batch.images);
    const { loss } = await trainer.step({ ...batch, targets, mask: batch.mask.fill(1) }, 0);
    expect(Math.sqrt(loss)).toBeLessThan(1e-5);
  });

  test('a predictor takes any number of pictures, each on its own', async () => {
    const config = smallConfig(everyLayer, input, { batchSize: 130 });
    const parameters = randomParameters(config);
    const { images } = randomBatch(config);
    const all = await predict(engine, config, parameters, images);
    expect(all).toHaveLength(130 * config.outputs);
    const one = await predict(engine, config, parameters, images.subarray(129 * 72));
    for (const [at, value] of one.entries()) expect(value).toBeCloseTo(all[129 * config.outputs + at]!, 5);
    expect(await predict(engine, config, parameters, new Float32Array(0))).toHaveLength(0);
  });
});

async function steps(trainer: Trainer, config: TrainerConfig, from: number, to: number) {
  for (let step = from; step < to; step++) await trainer.step(randomBatch(config, step), 0.01);
}

async function predict(
  engine: TestedEngine,
  { spec, input, outputs }: TrainerConfig,
  parameters: Parameters,
  images: Float32Array,
) {
  const predictor = await engine.createPredictor({ spec, input, outputs, parameters, threads: 1 });
  const predicted = await predictor.predict(images);
  await predictor.dispose();
  return predicted;
}

function trained(parameters: Parameters) {
  return [...parameters].filter(([name]) => !name.includes('running'));
}
