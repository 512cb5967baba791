/** Ten whole training steps of each engine beside the reference's, and what one engine makes of another's parameters. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type {
  LossConfig,
  OptimizerConfig,
  Parameters,
  TrainerConfig,
} from '../../../src/ml/engine/engine.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { initialParameters } from '../../../src/ml/network/initialise.ts';
import { presetSpec } from '../../../src/ml/network/presets.ts';
import { pointsOf } from '../../../src/ml/training/targets.ts';
import { referenceEngine } from './reference.ts';
import { everyLayer, randomBatch, randomParameters, smallConfig } from './small-networks.ts';
import { onEveryEngine, type TestedEngine } from './suite.ts';

const STEPS = 10;
const RATE = 0.01;

const relu: Layer = { type: 'relu' };
const pool: Layer = { type: 'maxPool', size: 2 };
const likeLenet: Layer[] = [
  { type: 'conv', filters: 3, kernel: 3 },
  relu,
  pool,
  { type: 'conv', filters: 4, kernel: 2 },
  relu,
  pool,
  { type: 'flatten' },
  { type: 'dense', units: 6 },
  relu,
];
const withResidual: Layer[] = [
  { type: 'conv', filters: 3, kernel: 3, padding: 'same' },
  {
    type: 'residual',
    body: [
      { type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 'same' },
      { type: 'batchNorm', momentum: 0.8 },
      relu,
      { type: 'conv', filters: 4, kernel: 3, padding: 'same' },
    ],
  },
  relu,
  { type: 'averagePool', size: 2 },
  { type: 'globalAveragePool' },
];

const nesterov: OptimizerConfig = { kind: 'sgd', momentum: 0.9, weightDecay: 0 };
const adam: OptimizerConfig = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-4, weightDecay: 0 };
const mse: LossConfig = { kind: 'mse' };

const trainings: [string, Layer[], OptimizerConfig, LossConfig][] = [
  ['plain gradient descent', likeLenet, { ...nesterov, momentum: 0 }, mse],
  ['Nesterov momentum', likeLenet, nesterov, mse],
  ['Nesterov momentum with weight decay', likeLenet, { ...nesterov, weightDecay: 0.1 }, mse],
  ['Adam', likeLenet, adam, mse],
  ['Adam with weight decay', likeLenet, { ...adam, weightDecay: 0.1 }, mse],
  ['AdamW', likeLenet, { ...adam, kind: 'adamw', weightDecay: 0.5 }, mse],
  ['Adam on the Huber loss', likeLenet, adam, { kind: 'huber', delta: 0.5 }],
  ['Adam on a residual net with batch norm', withResidual, adam, mse],
  ['AdamW on a net with every layer', everyLayer, { ...adam, kind: 'adamw', weightDecay: 0.5 }, mse],
];

onEveryEngine((engine) => {
  test.each(trainings)('ten steps of %s end where the reference ends', async (_, layers, optimizer, loss) => {
    const config = configOf(layers, optimizer, loss);
    const [found, expected] = [await train(engine, config), await train(referenceEngine, config)];
    expectClose(found.parameters, expected.parameters);
    for (const [step, loss] of expected.losses.entries())
      expect(Math.abs(found.losses[step]! / loss - 1)).toBeLessThan(1e-4);
  });

  test('the reference predicts the same from its parameters', async () => {
    const config = configOf(everyLayer, adam, mse);
    const { parameters } = await train(engine, config);
    const { images } = randomBatch(config, 9);
    const [own, other] = await Promise.all(
      [engine, referenceEngine].map(async (any) => {
        const predictor = await any.createPredictor({ ...config, parameters });
        return predictor.predict(images);
      }),
    );
    for (const [at, value] of other!.entries()) expect(own![at]).toBeCloseTo(value, 4);
  });

  test('the network that people train predicts as the reference does, to 1e-4 px', async () => {
    const [input, outputs] = [{ width: 96, height: 96 }, 30];
    const spec = presetSpec('default');
    const parameters = initialParameters(spec, input, outputs, 1);
    const images = new Float32Array(2 * 96 * 96).map(randomStream(3).normal);
    const [own, other] = await Promise.all(
      [engine, referenceEngine].map(async (any) => {
        const predictor = await any.createPredictor({ spec, input, outputs, parameters, threads: 2 });
        return pointsOf(await predictor.predict(images), input);
      }),
    );
    for (const [at, value] of other!.entries()) expect(Math.abs(own![at]! - value)).toBeLessThan(1e-4);
  });

  test('it goes on from the checkpoint of the reference', async () => {
    const config = configOf(everyLayer, adam, mse);
    const other = await referenceEngine.createTrainer(config, randomParameters(config));
    for (let step = 0; step < 3; step++) await other.step(randomBatch(config, step), RATE);
    const trainer = await engine.createTrainer(config, randomParameters(config, 99));
    trainer.restore(other.state());
    for (let step = 3; step < 6; step++)
      for (const one of [other, trainer]) await one.step(randomBatch(config, step), RATE);
    expectClose(trainer.state().parameters, other.state().parameters);
  });
});

test.each<[string, OptimizerConfig, (rate: number) => tf.Optimizer]>([
  ['gradient descent', { ...nesterov, momentum: 0 }, tf.train.sgd],
  ['Nesterov momentum', nesterov, (rate) => tf.train.momentum(rate, 0.9, true)],
  ['Adam', adam, (rate) => tf.train.adam(rate, 0.9, 0.99, 1e-4)],
])("the reference's %s is TensorFlow.js's", async (_, optimizer, theirs) => {
  const config = smallConfig([{ type: 'flatten' }], { width: 2, height: 1 }, { optimizer });
  const ours = await train(referenceEngine, config);
  const [weight, bias] = [...randomParameters(config).values()].map(({ data, shape }) =>
    tf.variable(tf.tensor(data, [...shape])),
  );
  const minimizer = theirs(RATE);
  for (const { images, targets, mask } of batches(config))
    minimizer.minimize(() => {
      const predicted = tf.add(tf.matMul(tf.tensor2d(images, [config.batchSize, 2]), weight!), bias!);
      const asked = tf.reshape(tf.tensor(mask), predicted.shape);
      const wanted = tf.reshape(tf.tensor(targets.map((value) => value || 0)), predicted.shape);
      return tf.div(tf.sum(tf.square(tf.mul(tf.sub(predicted, wanted), asked))), tf.sum(asked));
    });
  const [weights, biases] = [weight!, bias!].map((variable) => variable.dataSync<'float32'>());
  const shapes = [...ours.parameters].map(([name, { shape }], index) => [
    name,
    { shape, data: index === 0 ? weights! : biases! },
  ]);
  expectClose(ours.parameters, new Map(shapes as [string, { shape: number[]; data: Float32Array }][]));
});

function configOf(layers: Layer[], optimizer: OptimizerConfig, loss: LossConfig): TrainerConfig {
  const input = layers === everyLayer ? { width: 9, height: 8 } : { width: 13, height: 11 };
  return smallConfig(layers, input, { optimizer, loss });
}

async function train(engine: TestedEngine, config: TrainerConfig) {
  const trainer = await engine.createTrainer(config, randomParameters(config));
  const losses: number[] = [];
  for (const batch of batches(config)) losses.push((await trainer.step(batch, RATE)).loss);
  const { parameters } = trainer.state();
  await trainer.dispose();
  return { parameters, losses };
}

function batches(config: TrainerConfig) {
  return Array.from({ length: STEPS }, (_, index) => randomBatch(config, 100 + index));
}

/** Every value within 1e-4 of the largest of its parameter. */
function expectClose(found: Parameters, expected: Parameters) {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [name, { data }] of expected) {
    const scale = Math.max(...data.map(Math.abs));
    const worst = Math.max(...data.map((value, at) => Math.abs(value - found.get(name)!.data[at]!)));
    expect(worst / scale, name).toBeLessThan(1e-4);
  }
}
