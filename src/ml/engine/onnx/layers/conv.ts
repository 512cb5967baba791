/** Convolution. */
import { sizeOf, type ConvLayer } from '../../../network/placed.ts';
import type { Graph, Value } from '../graph.ts';
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
      if (bias)
        tape.addGradient(bias, graph.reduceSum(tape.sums.get(gradient)?.smaller ?? gradient, [0, 2, 3]));
      tape.addGradient(weight, weightGradient(tape, layer, input, gradient));
      // Rows and columns at the bottom and right that no window reached.
      const beyond = [1, 2].map((axis) => {
        const padded = layer.input[axis]! + padding[axis - 1]! + padding[axis + 1]!;
        return padded - ((layer.output[axis]! - 1) * stride + kernel[axis - 1]!);
      });
      return graph.op('ConvTranspose', [gradient, weight], { ...window, output_padding: beyond });
    },
  };
}

/** Below this many cells, products by image are too small to be fast. */
const FEW_CELLS = 256;
/** Below this many channels, products by tap are too thin. */
const FEW_CHANNELS = 8;

/**
 * Each tap (a, b) of the kernel meets the input shifted by (a, b). The gradient there is the product of the output's
 * gradient [out, cells] and of those inputs [cells, in], summed over the batch.
 */
function weightGradient(tape: Tape, layer: ConvLayer, input: Value, gradient: Value): Value {
  const few = layer.output[1] * layer.output[2] < FEW_CELLS;
  // A graphics card has none of the operators of the other way.
  const atOnce = few || tape.provider === 'webgpu';
  return (atOnce ? productOfBatch : productsByImage)(tape, layer, input, gradient);
}

/** One product over all images and cells, which are laid out one after the other: channels last. */
function productOfBatch({ graph, batch }: Tape, layer: ConvLayer, input: Value, gradient: Value): Value {
  const { kernel, stride, padding } = layer.window;
  const [channels] = layer.input;
  const [filters, height, width] = layer.output;
  const channelsLast = (value: Value) => graph.op('Transpose', [value], { perm: [0, 2, 3, 1] });
  const padded = channelsLast(graph.pad(input, padding));
  const shifted = tapsOf(layer).map(([top, left]) =>
    graph.slice(padded, [1, 2], [top, left], [height, width], [stride, stride]),
  );
  const cells = batch * height * width;
  const inputs = graph.reshape(graph.concat(shifted, 3), [cells, shifted.length * channels]);
  const product = graph.op('Gemm', [graph.reshape(channelsLast(gradient), [cells, filters]), inputs], {
    transA: 1,
  });
  const byTap = graph.reshape(product, [filters, shifted.length, channels]);
  return graph.reshape(graph.op('Transpose', [byTap], { perm: [0, 2, 1] }), [filters, channels, ...kernel]);
}

/** A product for each image, and for each tap where there are many channels. */
function productsByImage(tape: Tape, layer: ConvLayer, input: Value, gradient: Value): Value {
  const { graph, batch } = tape;
  const { kernel } = layer.window;
  const [channels] = layer.input;
  const [filters, height, width] = layer.output;
  const cells = height * width;
  const flat = graph.reshape(gradient, [batch, filters, cells]);
  /** [1, filters, inputs], of inputs [batch, inputs, height, width] */
  const product = (inputs: Value, count: number) => {
    const ofImage = graph.reshape(inputs, [batch, count, cells]);
    const ofEach = graph.op('com.microsoft:FusedMatMul', [flat, ofImage], { transB: 1 });
    return batch === 1 ? ofEach : graph.reduceSum(ofEach, [0], true);
  };
  if (channels < FEW_CHANNELS)
    return graph.reshape(
      product(inputsOfTaps(tape, layer, input), channels * sizeOf(kernel)),
      layer.weight.shape,
    );
  const byTap = graph.concat(
    shiftedInputs(tape, layer, input).map((inputs) => product(inputs, channels)),
    0,
  );
  return graph.reshape(graph.op('Transpose', [byTap], { perm: [1, 2, 0] }), layer.weight.shape);
}

/** What the taps of each channel meet, [batch, channels * taps, height, width] of the output: copied by filters of a single one. */
export function inputsOfTaps(
  { graph }: Tape,
  { input: [channels], window }: Pick<ConvLayer, 'input' | 'window'>,
  input: Value,
): Value {
  const { kernel, stride, padding } = window;
  return graph.op('Conv', [input, singleTaps(graph, channels, kernel)], {
    kernel_shape: kernel,
    strides: [stride, stride],
    pads: padding,
  });
}

/** Filters [channels * taps, channels, rows, columns] that are 1 at one tap of one channel each, in order. */
export function singleTaps(graph: Graph, channels: number, kernel: readonly [number, number]): Value {
  const all = channels * sizeOf(kernel);
  const ones = Float32Array.from({ length: all * all }, (_, at) => (at % (all + 1) === 0 ? 1 : 0));
  return graph.tensor(`taps of ${channels} x ${kernel.join('x')}`, [all, channels, ...kernel], ones);
}

/** What each tap meets, [batch, channels, height, width] of the output. */
function shiftedInputs({ graph }: Tape, layer: ConvLayer, input: Value): Value[] {
  const { kernel, stride, padding } = layer.window;
  const [channels, inputHeight, inputWidth] = layer.input;
  const [, height, width] = layer.output;
  const [top, left, bottom, right] = padding;
  if (stride === 1) {
    const padded = graph.pad(input, padding);
    return tapsOf(layer).map(([row, column]) => graph.slice(padded, [2, 3], [row, column], [height, width]));
  }
  // Cells a stride apart are gathered once, so that what follows are slices without gaps.
  const need = (side: number, before: number, after: number, windows: number, length: number) =>
    stride * Math.max(Math.ceil((before + side + after) / stride), windows + Math.ceil(length / stride) - 1);
  const paddedHeight = need(inputHeight, top, bottom, height, kernel[0]);
  const paddedWidth = need(inputWidth, left, right, width, kernel[1]);
  const around = [top, left, paddedHeight - inputHeight - top, paddedWidth - inputWidth - left] as const;
  const gathered = graph.op('SpaceToDepth', [graph.pad(input, around)], { blocksize: stride });
  return tapsOf(layer).map(([row, column]) => {
    const first = ((row % stride) * stride + (column % stride)) * channels;
    const from = [first, Math.floor(row / stride), Math.floor(column / stride)];
    return graph.slice(gathered, [1, 2, 3], from, [channels, height, width]);
  });
}

/** [row, column] of each cell of the kernel. */
function tapsOf({ window: { kernel } }: ConvLayer): (readonly [number, number])[] {
  return Array.from(
    { length: sizeOf(kernel) },
    (_, tap) => [Math.floor(tap / kernel[1]), tap % kernel[1]] as const,
  );
}
