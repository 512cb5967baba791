/** Batch normalisation (Ioffe and Szegedy 2015). */
import { isMap, sizeOf, type BatchNormLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

/** Variances are those of the batch as it stands (divided by n, not n - 1), in the running statistics too. */
export function batchNorm(tape: Tape, layer: BatchNormLayer, input: Value): Recorded {
  const { graph, batch } = tape;
  const [scale, shift, runningMean, runningVariance] = [
    layer.scale,
    layer.shift,
    layer.runningMean,
    layer.runningVariance,
  ].map((info) => tape.parameter(info)) as [Value, Value, Value, Value];
  if (!tape.training) {
    const inputs = [input, scale, shift, runningMean, runningVariance];
    const output = graph.op('BatchNormalization', inputs, { epsilon: { float: layer.epsilon } });
    return {
      output,
      backward: () => {
        throw new Error('batch norm learns from batches only');
      },
    };
  }

  const axes = isMap(layer.input) ? [0, 2, 3] : [0];
  const [channels] = layer.input;
  const count = (batch * sizeOf(layer.input)) / channels;
  /** A value for each channel in the shape that goes with maps. */
  const spread = (value: Value) => (isMap(layer.input) ? graph.reshape(value, [channels, 1, 1]) : value);
  const total = (value: Value) => graph.reduceSum(value, axes);
  const mean = graph.op('Mul', [total(input), graph.scalar(1 / count)]);
  const centred = graph.op('Sub', [input, spread(mean)]);
  const variance = graph.op('Mul', [total(graph.op('Mul', [centred, centred])), graph.scalar(1 / count)]);
  const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(layer.epsilon)])]);
  const normal = graph.op('Div', [centred, spread(deviation)]);
  const follow = (running: Value, value: Value) =>
    graph.op('Add', [
      graph.op('Mul', [running, graph.scalar(layer.momentum)]),
      graph.op('Mul', [value, graph.scalar(1 - layer.momentum)]),
    ]);
  tape.setRunningStatistic(layer.runningMean, follow(runningMean, mean));
  tape.setRunningStatistic(layer.runningVariance, follow(runningVariance, variance));

  return {
    output: graph.op('Add', [graph.op('Mul', [normal, spread(scale)]), spread(shift)]),
    /** scale / deviation * (g - mean(g) - normal * mean(g * normal)) */
    backward(gradient) {
      const shiftGradient = total(gradient);
      const scaleGradient = total(graph.op('Mul', [gradient, normal]));
      tape.addGradient(shift, shiftGradient);
      tape.addGradient(scale, scaleGradient);
      const average = (value: Value) => spread(graph.op('Mul', [value, graph.scalar(1 / count)]));
      const along = graph.op('Sub', [
        graph.op('Sub', [gradient, average(shiftGradient)]),
        graph.op('Mul', [normal, average(scaleGradient)]),
      ]);
      return graph.op('Mul', [along, spread(graph.op('Div', [scale, deviation]))]);
    },
  };
}
