/**
 * The slow reference: layers in operators of TensorFlow.js on its CPU back end, which differentiates them itself, and
 * update rules as their authors wrote them down. It shares nothing with the engines but shapes and dropout's masks.
 */
import * as tf from '@tensorflow/tfjs';
import { checkParameters } from '../../../src/ml/engine/check-parameters.ts';
import { dropoutMask } from '../../../src/ml/engine/dropout.ts';
import type {
  Engine,
  LossConfig,
  OptimizerConfig,
  Parameters,
  Tensor,
  TrainerConfig,
} from '../../../src/ml/engine/engine.ts';
import {
  isMap,
  isTrained,
  type BatchNormLayer,
  type DropoutLayer,
  type ParameterInfo,
  type PlacedLayer,
  type Window,
} from '../../../src/ml/network/placed.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';

await tf.setBackend('cpu');

export const referenceEngine: Omit<Engine, 'name' | 'version'> = {
  async createTrainer(config, start) {
    const { layers, parameters: infos } = shapeNetwork(config.spec, config.input, config.outputs);
    const trained = infos.filter(isTrained);
    const { slots: slotNames, update } = ruleOf(config.optimizer);
    const parameters = new Map(infos.map(({ name, shape }) => [name, zeros(shape)]));
    const slots = new Map(
      trained.flatMap(({ name, shape }) =>
        slotNames.map((slot) => [`${name}/${slot}`, zeros(shape)] as const),
      ),
    );
    checkParameters(start, parameters);
    write(start, parameters);
    let steps = 0;
    return {
      async step(batch, rate) {
        steps++;
        const following = new Map<ParameterInfo, Float32Array>();
        const { value, grads } = tf.tidy(() =>
          tf.valueAndGrads((...values) => {
            const given = new Map(trained.map((info, index) => [info, values[index]!]));
            const outputs = forward(layers, pictures(batch.images, config), {
              value: (info) => given.get(info) ?? tensorOf(parameters.get(info.name)!),
              follow: (info, next) => following.set(info, next.dataSync<'float32'>().slice()),
              mask: (layer) => {
                const dropouts = layers.flatMap(dropoutsOf);
                return tf.tensor(dropoutMask(config, layer, steps, dropouts.indexOf(layer)), [
                  config.batchSize,
                  ...layer.input,
                ]);
              },
            });
            return maskedLoss(config, outputs as tf.Tensor2D, batch.targets, batch.mask);
          })(trained.map(({ name }) => tensorOf(parameters.get(name)!))),
        );
        const [loss] = value.dataSync();
        for (const [index, { name, role }] of trained.entries()) {
          const own = slotNames.map((slot) => slots.get(`${name}/${slot}`)!.data);
          const gradient = grads[index]!.dataSync<'float32'>();
          update(parameters.get(name)!.data, own, gradient, steps, rate, role === 'weight');
        }
        for (const [{ name }, next] of following) parameters.get(name)!.data.set(next);
        tf.dispose([value, grads]);
        return { loss: loss! };
      },
      state: () => ({ step: steps, parameters: copyOf(parameters), slots: copyOf(slots) }),
      restore(saved) {
        checkParameters(saved.parameters, parameters);
        checkParameters(saved.slots, slots);
        write(saved.parameters, parameters);
        write(saved.slots, slots);
        steps = saved.step;
      },
      dispose: () => Promise.resolve(),
    };
  },

  async createPredictor(config) {
    const { layers } = shapeNetwork(config.spec, config.input, config.outputs);
    const size = config.input.width * config.input.height;
    return {
      predict: async (images) =>
        images.length < size
          ? new Float32Array(0)
          : tf.tidy(() =>
              forward(layers, pictures(images, config), {
                value: ({ name }) => tensorOf(config.parameters.get(name)!),
              })
                .dataSync<'float32'>()
                .slice(),
            ),
      dispose: () => Promise.resolve(),
    };
  },
};

/** How layers get at what is not in them; without `follow` and `mask` the network is in use. */
interface Pass {
  value(info: ParameterInfo): tf.Tensor;
  follow?(info: ParameterInfo, next: tf.Tensor): void;
  mask?(layer: DropoutLayer): tf.Tensor;
}

function forward(layers: readonly PlacedLayer[], input: tf.Tensor, pass: Pass): tf.Tensor {
  return layers.reduce((value, layer) => apply(layer, value, pass), input);
}

/** Maps are [batch, height, width, channels]. */
function apply(layer: PlacedLayer, input: tf.Tensor, pass: Pass): tf.Tensor {
  const maps = input as tf.Tensor4D;
  switch (layer.type) {
    case 'conv': {
      const weight = tf.transpose(pass.value(layer.weight), [2, 3, 1, 0]) as tf.Tensor4D;
      const product = tf.conv2d(padded(maps, layer.window), weight, layer.window.stride, 'valid');
      return layer.bias ? tf.add(product, pass.value(layer.bias)) : product;
    }
    case 'maxPool':
      return tf.maxPool(maps, [...layer.window.kernel], layer.window.stride, 'valid');
    case 'averagePool': {
      const { kernel, stride } = layer.window;
      return tf.avgPool(padded(maps, layer.window), [...kernel], stride, 'valid');
    }
    case 'globalAveragePool':
      return tf.mean(maps, [1, 2]);
    case 'batchNorm':
      return batchNorm(layer, input, pass);
    case 'relu':
      return tf.relu(input);
    case 'residual': {
      const body = forward(layer.body, input, pass);
      const scaled = layer.scale ? tf.mul(body, pass.value(layer.scale)) : body;
      return tf.add(forward(layer.shortcut, input, pass), scaled);
    }
    case 'flatten':
      return tf.reshape(tf.transpose(input, [0, 3, 1, 2]), [input.shape[0]!, -1]);
    case 'dense': {
      const product = tf.matMul(input, pass.value(layer.weight));
      return layer.bias ? tf.add(product, pass.value(layer.bias)) : product;
    }
    case 'softArgmax': {
      const [, height, width] = layer.input;
      const { cells } = layer;
      const keypoints = layer.output[0] / 2;
      // [batch, keypoints, rows of cells, columns of cells]
      const parted = tf.reshape(maps, [-1, height, width, keypoints, cells, cells]);
      const large = tf.transpose(parted, [0, 3, 1, 4, 2, 5]);
      const [rows, columns] = [height * cells, width * cells];
      const share = tf.reshape(tf.softmax(tf.reshape(large, [-1, rows * columns])), [-1, rows, columns]);
      const middles = (side: number) =>
        tf.tensor1d(Array.from({ length: side }, (_, i) => (2 * i + 1) / side - 1));
      const x = tf.sum(tf.mul(tf.sum(share, 1), middles(columns)), 1);
      const y = tf.sum(tf.mul(tf.sum(share, 2), middles(rows)), 1);
      return tf.reshape(tf.stack([x, y], 1), [-1, 2 * keypoints]);
    }
    case 'dropout': {
      if (!pass.mask || layer.rate === 0) return input;
      const mask = pass.mask(layer);
      return tf.mul(input, isMap(layer.input) ? tf.transpose(mask, [0, 2, 3, 1]) : mask);
    }
  }
}

function padded(maps: tf.Tensor4D, { padding: [top, left, bottom, right] }: Window): tf.Tensor4D {
  return tf.pad(maps, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

function batchNorm(layer: BatchNormLayer, input: tf.Tensor, pass: Pass): tf.Tensor {
  const { momentum, epsilon, runningMean, runningVariance } = layer;
  const running = [pass.value(runningMean), pass.value(runningVariance)] as const;
  let [mean, variance] = running;
  if (pass.follow) {
    ({ mean, variance } = tf.moments(input, isMap(layer.input) ? [0, 1, 2] : [0]));
    const next = (before: tf.Tensor, now: tf.Tensor) =>
      tf.add(tf.mul(before, momentum), tf.mul(now, 1 - momentum));
    pass.follow(runningMean, next(running[0], mean));
    pass.follow(runningVariance, next(running[1], variance));
  }
  const normal = tf.div(tf.sub(input, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, pass.value(layer.scale)), pass.value(layer.shift));
}

function maskedLoss(
  { loss, batchSize, outputs }: TrainerConfig,
  predicted: tf.Tensor2D,
  targets: Float32Array,
  mask: Float32Array,
): tf.Scalar {
  const wanted = targets.map((target, at) => (mask[at] ? target : 0));
  const asked = tf.tensor2d(mask, [batchSize, outputs]);
  const error = tf.mul(tf.sub(predicted, tf.tensor2d(wanted, [batchSize, outputs])), asked);
  const count = mask.reduce((sum, value) => sum + value, 0);
  return tf.div(tf.sum(lossOf(error, loss)), Math.max(1, count));
}

function lossOf(error: tf.Tensor, loss: LossConfig): tf.Tensor {
  if (loss.kind === 'mse') return tf.square(error);
  const size = tf.abs(error);
  if (loss.kind === 'wing') {
    const near = tf.minimum(size, loss.width);
    return tf.add(tf.mul(tf.log1p(tf.div(near, loss.curvature)), loss.width), tf.sub(size, near));
  }
  const within = tf.minimum(size, loss.delta);
  return tf.add(tf.mul(tf.square(within), 0.5), tf.mul(tf.sub(size, within), loss.delta));
}

interface Rule {
  readonly slots: readonly string[];
  update(
    parameter: Float32Array,
    slots: readonly Float32Array[],
    gradient: Float32Array,
    step: number,
    rate: number,
    decayed: boolean,
  ): void;
}

function ruleOf(optimizer: OptimizerConfig): Rule {
  if (optimizer.kind === 'sgd') {
    const { momentum, weightDecay } = optimizer;
    return {
      slots: ['v'],
      update(parameter, [v], gradient, _, rate, decayed) {
        for (const at of parameter.keys()) {
          const along = gradient[at]! + (decayed ? weightDecay * parameter[at]! : 0);
          v![at] = momentum * v![at]! + along;
          parameter[at]! -= rate * (along + momentum * v![at]!);
        }
      },
    };
  }
  const { kind, beta1, beta2, epsilon, weightDecay } = optimizer;
  return {
    slots: ['m', 'v'],
    update(parameter, [m, v], gradient, step, rate, decayed) {
      for (const at of parameter.keys()) {
        const decay = decayed ? weightDecay * parameter[at]! : 0;
        const along = gradient[at]! + (kind === 'adam' ? decay : 0);
        m![at] = beta1 * m![at]! + (1 - beta1) * along;
        v![at] = beta2 * v![at]! + (1 - beta2) * along ** 2;
        const mean = m![at]! / (1 - beta1 ** step);
        const deviation = Math.sqrt(v![at]! / (1 - beta2 ** step));
        parameter[at]! -= rate * (mean / (deviation + epsilon) + (kind === 'adamw' ? decay : 0));
      }
    },
  };
}

function dropoutsOf(layer: PlacedLayer): DropoutLayer[] {
  if (layer.type === 'dropout') return layer.rate > 0 ? [layer] : [];
  return layer.type === 'residual' ? layer.body.flatMap(dropoutsOf) : [];
}

function pictures(images: Float32Array, { input: { width, height } }: Pick<TrainerConfig, 'input'>) {
  return tf.tensor4d(images, [images.length / (width * height), height, width, 1]);
}

function tensorOf({ data, shape }: Tensor): tf.Tensor {
  return tf.tensor(data, [...shape]);
}

function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) };
}

function write(values: Parameters, to: Parameters): void {
  for (const [name, { data }] of values) to.get(name)!.data.set(data);
}

function copyOf(tensors: Parameters): Parameters {
  return new Map(Array.from(tensors, ([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}
