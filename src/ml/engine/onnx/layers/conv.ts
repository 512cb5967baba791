/** Convolution. */
import { sizeOf, type ConvLayer } from '../../../network/shapes.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function conv(tape: Tape, layer: ConvLayer, input: Value): Recorded {
  const { graph } = tape;
  const { kernel, stride, padding } = layer.window;
  const weight = tape.parameter(layer.weight);
  const bias = layer.bias && tape.parameter(layer.bias);
  const window = { kernel_shape: kernel, strides: [stride, stride], pads: padding };
  return {
    output: graph.op('Conv', [input, weight, ...(bias ? [bias] : [])], window),
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0, 2, 3]));
      tape.addGradient(weight, weightGradient(tape, layer, input, gradient));
      // Rows and columns at the bottom and right that no window reached.
      const beyond = [1, 2].map(
        (axis) =>
          layer.input[axis]! +
          padding[axis - 1]! +
          padding[axis + 1]! -
          ((layer.output[axis]! - 1) * stride + kernel[axis - 1]!),
      );
      return graph.op('ConvTranspose', [gradient, weight], { ...window, output_padding: beyond });
    },
  };
}

/**
 * Each cell (a, b) of the kernel meets the input shifted by (a, b): the gradient there is the product of the output's
 * gradient [out, cells] and those inputs [cells, in], summed over the batch.
 */
function weightGradient({ graph, batch }: Tape, layer: ConvLayer, input: Value, gradient: Value): Value {
  const { kernel, stride, padding } = layer.window;
  const [channels] = layer.input;
  const [filters, height, width] = layer.output;
  const cells = height * width;
  const padded = graph.pad(input, padding);
  const shifted = Array.from({ length: sizeOf(kernel) }, (_, tap) =>
    graph.window(padded, Math.floor(tap / kernel[1]), tap % kernel[1], height, width, stride),
  );
  const flat = graph.reshape(gradient, [batch, filters, cells]);
  /** [filters, inputs], of inputs [batch, inputs, cells] */
  const product = (inputs: Value, count: number) =>
    graph.reduceSum(
      graph.op('com.microsoft:FusedMatMul', [flat, graph.reshape(inputs, [batch, count, cells])], {
        transB: 1,
      }),
      [0],
      true,
    );
  const taps = shifted.length;
  // Few channels make thin products: one over all the taps then.
  const byTap =
    channels < 8
      ? graph.op(
          'Transpose',
          [graph.reshape(product(graph.concat(shifted, 1), taps * channels), [filters, taps, channels])],
          { perm: [0, 2, 1] },
        )
      : graph.op(
          'Transpose',
          [
            graph.concat(
              shifted.map((inputs) => product(inputs, channels)),
              0,
            ),
          ],
          { perm: [1, 2, 0] },
        );
  return graph.reshape(byTap, layer.weight.shape);
}
