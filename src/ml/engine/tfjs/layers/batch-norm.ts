/** Batch normalisation (Ioffe and Szegedy 2015). */
import { isMap, sizeOf, type BatchNormLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

/** Variances are those of the batch as it stands (divided by n, not n - 1), in the running statistics too. */
export function batchNorm(tape: Tape, layer: BatchNormLayer, input: Value): Recorded {
  const { graph, trainedAtOnce } = tape;
  const { momentum, epsilon, runningMean, runningVariance } = layer;
  const [channels] = layer.input;
  // The operator takes maps only.
  const asMap = (value: Value) => (isMap(layer.input) ? value : graph.reshape(value, [-1, 1, 1, channels]));
  const asInput = (value: Value) => (isMap(layer.input) ? value : graph.reshape(value, [-1, channels]));
  const [scale, shift, mean, variance] = [layer.scale, layer.shift, runningMean, runningVariance].map(
    (info) => tape.parameter(info),
  ) as [Value, Value, Value, Value];
  const map = asMap(input);
  const normal = graph.op('FusedBatchNormV3', [map, scale, shift, mean, variance], {
    U: { type: 'FLOAT' },
    epsilon: { float: epsilon },
    is_training: trainedAtOnce !== undefined,
  });
  if (trainedAtOnce === undefined)
    return {
      output: asInput(normal),
      backward: () => {
        throw new Error('batch norm learns from batches only');
      },
    };

  const follow = (running: Value, value: Value, share: number) =>
    graph.op('AddV2', [
      graph.op('Mul', [running, graph.scalar(momentum)]),
      graph.op('Mul', [value, graph.scalar((1 - momentum) * share)]),
    ]);
  const count = (trainedAtOnce * sizeOf(layer.input)) / channels;
  tape.setRunningStatistic(runningMean, follow(mean, `${normal}:1`, 1));
  // The operator divides by n - 1.
  tape.setRunningStatistic(runningVariance, follow(variance, `${normal}:2`, (count - 1) / count));
  return {
    output: asInput(normal),
    backward(gradient) {
      const statistics = [`${normal}:3`, `${normal}:4`, `${normal}:5`];
      const gradients = graph.op('FusedBatchNormGradV3', [asMap(gradient), map, scale, ...statistics], {
        U: { type: 'FLOAT' },
        epsilon: { float: epsilon },
        is_training: true,
      });
      tape.addGradient(layer.scale, `${gradients}:1`);
      tape.addGradient(layer.shift, `${gradients}:2`);
      return asInput(gradients);
    },
  };
}
