/** Convolution. */
import type { ConvLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { pad } from './padding.ts';

export function conv(tape: Tape, layer: ConvLayer, input: Value): Recorded {
  const { graph } = tape;
  const { bias } = layer;
  const { kernel, stride, padding } = layer.window;
  const [channels] = layer.input;
  const [filters] = layer.output;
  // oneDNN has no gradients for paddings that are given as numbers.
  const isSame = isPaddedAsSame(layer);
  const padded = pad(tape, layer.input, isSame ? [0, 0, 0, 0] : padding, input);
  const window = {
    strides: [1, stride, stride, 1],
    dilations: [1, 1, 1, 1],
    padding: isSame ? 'SAME' : 'VALID',
  };
  const weight = tape.parameter(layer.weight);
  const product = graph.op('Conv2D', [padded.output, weight], window);
  return {
    output: bias ? graph.op('BiasAdd', [product, tape.parameter(bias)]) : product,
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.op('BiasAddGrad', [gradient]));
      const weights = graph.integers([...kernel, channels, filters]);
      tape.addGradient(
        layer.weight,
        graph.op('Conv2DBackpropFilter', [padded.output, weights, gradient], window),
      );
      const inputs = graph.integers([tape.trainedAtOnce!, ...padded.sides, channels]);
      return padded.backward(graph.op('Conv2DBackpropInput', [inputs, weight, gradient], window));
    },
  };
}

/** Whether the zeros are those of TensorFlow's padding `SAME`. */
function isPaddedAsSame({ input, output, window: { kernel, stride, padding } }: ConvLayer): boolean {
  return [0, 1].every((axis) => {
    const side = input[axis + 1]!;
    const total = Math.max((Math.ceil(side / stride) - 1) * stride + kernel[axis]! - side, 0);
    return (
      output[axis + 1] === Math.ceil(side / stride) &&
      padding[axis] === Math.floor(total / 2) &&
      padding[axis + 2] === Math.ceil(total / 2)
    );
  });
}
