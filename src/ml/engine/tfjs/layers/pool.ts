/** Pooling. */
import type { MapShape, PoolLayer, Window } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { pad } from './padding.ts';

/** Where several cells of a window are its maximum, as in flat parts of a picture, the first has its gradient. */
export function maxPool({ graph }: Tape, { window }: PoolLayer, input: Value): Recorded {
  const output = graph.op('MaxPool', [input], attributes(window));
  return {
    output,
    backward: (gradient) => graph.op('MaxPoolGrad', [input, output, gradient], attributes(window)),
  };
}

/** Zeros around the map count in the mean. */
export function averagePool(tape: Tape, layer: PoolLayer, input: Value): Recorded {
  const { graph, trainedAtOnce } = tape;
  const padded = pad(tape, layer.input, layer.window.padding, input);
  return {
    output: graph.op('AvgPool', [padded.output], attributes(layer.window)),
    backward(gradient) {
      const shape = graph.integers([trainedAtOnce!, ...padded.sides, layer.input[0]]);
      return padded.backward(graph.op('AvgPoolGrad', [shape, gradient], attributes(layer.window)));
    },
  };
}

/** Mean of each map: [batch, channels]. */
export function globalAveragePool(tape: Tape, [channels, height, width]: MapShape, input: Value): Recorded {
  const { graph, trainedAtOnce } = tape;
  const whole = attributes({ kernel: [height, width], stride: 1, padding: [0, 0, 0, 0] });
  return {
    output: graph.reshape(graph.op('AvgPool', [input], whole), [-1, channels]),
    backward(gradient) {
      const shape = graph.integers([trainedAtOnce!, height, width, channels]);
      return graph.op('AvgPoolGrad', [shape, graph.reshape(gradient, [-1, 1, 1, channels])], whole);
    },
  };
}

function attributes({ kernel, stride }: Window) {
  return { ksize: [1, ...kernel, 1], strides: [1, stride, stride, 1], padding: 'VALID' };
}
