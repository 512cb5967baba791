/** Networks small enough to look at, and batches for them. */
import { randomStream } from '../../../src/domain/random.ts';
import type { Batch, InputShape, Parameters, TrainerConfig } from '../../../src/ml/engine/engine.ts';
import { sizeOf } from '../../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';
import type { Layer } from '../../../src/domain/network-spec.ts';

const BATCH_SIZE = 3;

/** For pictures of 9 x 8. Batch norm follows the last batch alone. */
export const everyLayer: Layer[] = [
  { type: 'conv', filters: 3, kernel: 3, padding: 'same' },
  { type: 'batchNorm', momentum: 0 },
  { type: 'relu' },
  { type: 'maxPool', size: 2 },
  {
    type: 'residual',
    scale: true,
    body: [{ type: 'conv', filters: 4, kernel: 3, stride: 2, padding: 1 }, { type: 'relu' }],
  },
  { type: 'averagePool', size: 2, stride: 1 },
  { type: 'flatten' },
  { type: 'dense', units: 5 },
  { type: 'relu' },
  { type: 'dropout', rate: 0.3 },
];

export function smallConfig(
  layers: Layer[],
  input: InputShape,
  changes: Partial<TrainerConfig> = {},
): TrainerConfig {
  return {
    spec: { layers },
    input,
    outputs: 4,
    batchSize: BATCH_SIZE,
    optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0 },
    loss: { kind: 'mse' },
    threads: 2,
    seed: 1,
    ...changes,
  };
}

/** Every parameter random, biases and scales too, so that nothing is tested at a special value. */
export function randomParameters({ spec, input, outputs }: TrainerConfig, seed = 5): Parameters {
  const { parameters } = shapeNetwork(spec, input, outputs);
  const random = randomStream(seed);
  return new Map(
    parameters.map(({ name, shape, role }) => {
      const data = new Float32Array(sizeOf(shape)).map(() =>
        role === 'runningVariance' ? 0.5 + random.uniform() : 0.5 * random.normal(),
      );
      return [name, { shape, data }];
    }),
  );
}

/** Noise for pictures and targets; about one value in four is not asked for and its target NaN. */
export function randomBatch({ input, outputs, batchSize }: TrainerConfig, seed = 7): Batch {
  const random = randomStream(seed);
  const images = new Float32Array(batchSize * input.width * input.height).map(() => random.normal());
  const mask = new Float32Array(batchSize * outputs).map(() => (random.uniform() < 0.25 ? 0 : 1));
  const targets = mask.map((asked) => (asked ? random.normal() : NaN));
  return { images, targets, mask };
}
