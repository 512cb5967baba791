/** Ten whole training steps beside TensorFlow.js's CPU back end, which shares no code with the engine. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type {
  Batch,
  LossConfig,
  OptimizerConfig,
  Parameters,
  TrainerConfig,
} from '../../../../src/ml/engine/engine.ts';
import { loadOnnxEngine } from '../../../../src/ml/engine/onnx/engine.ts';
import type { Layer } from '../../../../src/domain/network-spec.ts';
import { randomBatch, randomParameters, smallConfig } from './small-networks.ts';

const STEPS = 10;
const RATE = 0.01;
const engine = await loadOnnxEngine();

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Variables = Record<string, tf.Variable>;
/** From images [n, height, width, 1] to outputs. */
type Forward = (images: tf.Tensor4D, variable: Variables) => tf.Tensor;

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
const likeLenetInTensorflow: Forward = (images, variable) => {
  let maps = images;
  for (const name of ['conv1', 'conv2'])
    maps = tf.maxPool(tf.relu(convolution(maps, variable, name, 1, 'valid')), 2, 2, 'valid');
  // Dense weights expect channels first.
  const values = tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [images.shape[0], -1]) as tf.Tensor2D;
  return dense(tf.relu(dense(values, variable, 'dense1')), variable, 'output');
};

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
const withResidualInTensorflow: Forward = (images, variable) => {
  const start = convolution(images, variable, 'conv1', 1, 'same');
  const body = convolution(start, variable, 'residual1.conv1', 2, 'same');
  const normal = tf.relu(normalise(body, variable, 'residual1.batchNorm1')) as tf.Tensor4D;
  const sum = tf.add(
    convolution(normal, variable, 'residual1.conv2', 1, 'same'),
    convolution(tf.avgPool(even(start), 2, 2, 'valid'), variable, 'residual1.shortcut', 1, 'valid'),
  );
  const pooled = tf.avgPool(tf.relu(sum) as tf.Tensor4D, 2, 2, 'valid');
  return dense(tf.mean(pooled, [1, 2]) as tf.Tensor2D, variable, 'output');
};

/** With zeros below and to the right of maps of 11 by 13. */
function even(maps: tf.Tensor4D): tf.Tensor4D {
  return tf.pad(maps, [
    [0, 0],
    [0, 1],
    [0, 1],
    [0, 0],
  ]);
}

const sgd: OptimizerConfig = { kind: 'sgd', momentum: 0, weightDecay: 0 };
const nesterov: OptimizerConfig = { kind: 'sgd', momentum: 0.9, weightDecay: 0 };
const adam: OptimizerConfig = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-4, weightDecay: 0 };

test.each<[string, Layer[], Forward, OptimizerConfig, (rate: number) => tf.Optimizer]>([
  ['plain gradient descent on a convolutional net', likeLenet, likeLenetInTensorflow, sgd, tf.train.sgd],
  [
    'Nesterov momentum on a convolutional net',
    likeLenet,
    likeLenetInTensorflow,
    nesterov,
    (rate) => tf.train.momentum(rate, 0.9, true),
  ],
  [
    'Adam on a convolutional net',
    likeLenet,
    likeLenetInTensorflow,
    adam,
    (rate) => tf.train.adam(rate, 0.9, 0.99, 1e-4),
  ],
  [
    'Adam on a residual net with batch norm',
    withResidual,
    withResidualInTensorflow,
    adam,
    (rate) => tf.train.adam(rate, 0.9, 0.99, 1e-4),
  ],
])('ten steps of %s end where TensorFlow ends', async (_, layers, forward, optimizer, theirs) => {
  const config = smallConfig(layers, { width: 13, height: 11 }, { optimizer });
  const ours = await trainHere(config);
  const reference = trainInTensorflow(config, forward, theirs(RATE));
  expectClose(ours.parameters, reference.parameters);
  expectLosses(ours.losses, reference.losses);
});

test('ten steps of AdamW shrink the weights, and only them, by rate x decay before each step of Adam', async () => {
  const decay = 0.5;
  const config = smallConfig(
    likeLenet,
    { width: 13, height: 11 },
    { optimizer: { ...adam, kind: 'adamw', weightDecay: decay } },
  );
  const ours = await trainHere(config);
  const shrink = (variables: Variables) => {
    for (const [name, variable] of Object.entries(variables))
      if (name.endsWith('.weight')) variable.assign(tf.mul(variable, 1 - RATE * decay));
  };
  const reference = trainInTensorflow(
    config,
    likeLenetInTensorflow,
    tf.train.adam(RATE, 0.9, 0.99, 1e-4),
    shrink,
  );
  expectClose(ours.parameters, reference.parameters);
});

test('ten steps with the Huber loss end where TensorFlow ends', async () => {
  const config = smallConfig(
    likeLenet,
    { width: 13, height: 11 },
    { optimizer: adam, loss: { kind: 'huber', delta: 0.5 } },
  );
  const ours = await trainHere(config);
  const reference = trainInTensorflow(config, likeLenetInTensorflow, tf.train.adam(RATE, 0.9, 0.99, 1e-4));
  expectClose(ours.parameters, reference.parameters);
  expectLosses(ours.losses, reference.losses);
});

async function trainHere(config: TrainerConfig) {
  const trainer = await engine.createTrainer(config, randomParameters(config));
  const losses: number[] = [];
  for (const batch of batches(config)) losses.push((await trainer.step(batch, RATE)).loss);
  const { parameters } = trainer.state();
  await trainer.dispose();
  return { parameters, losses };
}

/** @param afterGradient what is done to the variables between the gradient and the step */
function trainInTensorflow(
  config: TrainerConfig,
  forward: Forward,
  optimizer: tf.Optimizer,
  afterGradient: (variables: Variables) => void = () => undefined,
) {
  const { input, batchSize, outputs } = config;
  const variables: Variables = {};
  for (const [name, { shape, data }] of randomParameters(config)) {
    const tensor = tf.tensor(data, [...shape]);
    // Convolutions: [out, in, height, width] here, [height, width, in, out] there.
    variables[name] = tf.variable(
      shape.length === 4 ? tf.transpose(tensor, [2, 3, 1, 0]) : tensor,
      !name.includes('running'),
      name,
    );
  }
  const losses = batches(config).map(({ images, targets, mask }) => {
    const pictures = tf.tensor4d(images, [batchSize, input.height, input.width, 1]);
    const asked = tf.tensor2d(mask, [batchSize, outputs]);
    const wanted = tf.tensor2d(
      targets.map((value) => (Number.isNaN(value) ? 0 : value)),
      [batchSize, outputs],
    );
    const { value, grads } = optimizer.computeGradients(() => {
      const error = tf.mul(tf.sub(forward(pictures, variables), wanted), asked);
      return tf.div(tf.sum(lossOf(error, config.loss)), tf.sum(asked)) as tf.Scalar;
    });
    afterGradient(variables);
    optimizer.applyGradients(grads);
    return value.dataSync()[0]!;
  });
  const parameters: Parameters = new Map(
    Object.entries(variables).map(([name, variable]) => {
      const tensor = variable.rank === 4 ? tf.transpose(variable, [3, 2, 0, 1]) : variable;
      return [name, { shape: tensor.shape, data: tensor.dataSync() as Float32Array }];
    }),
  );
  tf.disposeVariables();
  return { parameters, losses };
}

function lossOf(error: tf.Tensor, loss: LossConfig): tf.Tensor {
  if (loss.kind === 'mse') return tf.square(error);
  const size = tf.abs(error);
  const within = tf.minimum(size, loss.delta);
  return tf.add(tf.mul(tf.square(within), 0.5), tf.mul(tf.sub(size, within), loss.delta));
}

function convolution(
  maps: tf.Tensor4D,
  variable: Variables,
  name: string,
  stride: number,
  padding: 'same' | 'valid',
) {
  return tf.add(
    tf.conv2d(maps, variable[`${name}.weight`] as tf.Variable<tf.Rank.R4>, stride, padding),
    variable[`${name}.bias`]!,
  ) as tf.Tensor4D;
}

function dense(values: tf.Tensor, variable: Variables, name: string): tf.Tensor {
  return tf.add(tf.matMul(values, variable[`${name}.weight`]!), variable[`${name}.bias`]!);
}

function normalise(maps: tf.Tensor4D, variable: Variables, name: string): tf.Tensor4D {
  const { mean, variance } = tf.moments(maps, [0, 1, 2]);
  const follow = (running: tf.Variable, value: tf.Tensor) =>
    running.assign(tf.tidy(() => tf.add(tf.mul(running, 0.8), tf.mul(value, 0.2))));
  follow(variable[`${name}.runningMean`]!, mean);
  follow(variable[`${name}.runningVariance`]!, variance);
  return tf.batchNorm4d(
    maps,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    variable[`${name}.shift`] as tf.Variable<tf.Rank.R1>,
    variable[`${name}.scale`] as tf.Variable<tf.Rank.R1>,
    1e-5,
  );
}

function batches(config: TrainerConfig): Batch[] {
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

function expectLosses(found: readonly number[], expected: readonly number[]) {
  for (const [step, loss] of expected.entries()) expect(Math.abs(found[step]! / loss - 1)).toBeLessThan(1e-4);
}
