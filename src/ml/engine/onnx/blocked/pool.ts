/** Pooling of maps in blocks, with windows side by side. */
import type { MapShape, PoolLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { asMaps, asStored, NCHWC } from './layout.ts';

/**
 * A power of two, so that values times it are exact: their differences are then so large that 1 beside them is lost, but
 * for those that are 0.
 */
export const HUGE = 2 ** 64;

export function maxPool(tape: Tape, layer: PoolLayer, input: Value): Recorded {
  const { graph } = tape;
  const output = graph.op(`${NCHWC}MaxPool`, [input], windowOf(layer));
  return {
    output,
    backward(gradient) {
      const [channels, height, width] = layer.output;
      const size = layer.window.stride;
      const covered = crop(tape, input, layer.input, [channels, height * size, width * size]);
      const largest = graph.op('Mul', [output, graph.scalar(-HUGE)]);
      const cells = {
        input: covered,
        weight: perChannel(tape, channels, HUGE),
        kernel: [1, 1],
        group: channels,
      };
      const shared = fill(tape, layer, gradientOfLargest(tape, layer, cells, largest, gradient));
      tape.sums.set(shared, { smaller: gradient, shape: layer.output });
      return shared;
    },
  };
}

/**
 * What of a gradient the cells of each window receive. Cells that share its maximum share it equally, as in the plain layout.
 * @param cells the convolution that they come from, all times HUGE
 * @param largest the maxima times -HUGE
 */
export function gradientOfLargest(
  tape: Tape,
  layer: PoolLayer,
  cells: { input: Value; weight: Value; kernel: readonly number[]; group: number },
  largest: Value,
  gradient: Value,
): Value {
  const { graph } = tape;
  const [channels] = layer.output;
  const size = layer.window.stride;
  const one = graph.tensor(`1 of ${channels}`, [channels], new Float32Array(channels).fill(1));
  const isLargest = graph.op(`${NCHWC}Conv`, [cells.input, cells.weight, one, enlarge(tape, largest, size)], {
    kernel_shape: cells.kernel,
    group: cells.group,
    activation: 'Relu',
  });
  const count = graph.op(`${NCHWC}Conv`, [isLargest, perChannel(tape, channels, 1, size)], {
    ...windowOf(layer),
    group: channels,
  });
  return graph.op('Mul', [isLargest, enlarge(tape, graph.op('Div', [gradient, count]), size)]);
}

/** The weights of a convolution that gives each channel of maps in blocks the sum of its own windows, times a factor. */
export function perChannel({ graph }: Tape, channels: number, factor: number, size = 1): Value {
  const weights = new Float32Array(channels * size ** 2).fill(factor);
  return graph.tensor(`${factor} of ${channels} x ${size} x ${size}`, [channels, 1, size, size], weights);
}

export function averagePool(tape: Tape, layer: PoolLayer, input: Value): Recorded {
  const { graph } = tape;
  const { stride, padding } = layer.window;
  return {
    output: graph.op(`${NCHWC}AveragePool`, [input], {
      ...windowOf(layer),
      pads: padding,
      count_include_pad: 1,
    }),
    backward(gradient) {
      const each = graph.op('Mul', [gradient, graph.scalar(1 / stride ** 2)]);
      const enlarged = enlarge(tape, each, stride);
      tape.enlarged.set(enlarged, { smaller: each, size: stride });
      return fill(tape, layer, enlarged);
    },
  };
}

function windowOf({ window: { kernel, stride } }: PoolLayer) {
  return { kernel_shape: kernel, strides: [stride, stride] };
}

/** Every cell as size x size cells. */
function enlarge({ graph }: Tape, value: Value, size: number): Value {
  return graph.op(`${NCHWC}Upsample`, [value], { scales: [1, 1, size, size], mode: 'nearest' });
}

/** The first rows and columns. */
function crop(tape: Tape, value: Value, from: MapShape, to: MapShape): Value {
  if (from[1] === to[1] && from[2] === to[2]) return value;
  return asMaps(tape, tape.graph.slice(asStored(tape, value, from), [1, 2], [0, 0], [to[1], to[2]]), to);
}

/** Zeros for the rows and columns that no window covers, and none beyond the last ones. */
function fill(tape: Tape, { input, output, window: { stride } }: PoolLayer, gradient: Value): Value {
  const covered: MapShape = [output[0], output[1] * stride, output[2] * stride];
  const [below, right] = [input[1] - covered[1], input[2] - covered[2]];
  if (below === 0 && right === 0) return gradient;
  return asMaps(
    tape,
    tape.graph.padAxes(asStored(tape, gradient, covered), [0, 0, 0, 0], [0, below, right, 0]),
    input,
  );
}
