/** Pooling. */
import { sizeOf, type MapShape, type PoolLayer } from '../../../network/placed.ts';
import type { Graph, Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { singleTaps } from './conv.ts';

/** Where several cells of a window are its maximum, as in flat parts of a picture, they share its gradient equally. */
export function maxPool({ graph, sums }: Tape, layer: PoolLayer, input: Value): Recorded {
  const output = graph.op('MaxPool', [input], windowOf(layer));
  return { output, backward: hasWindowsSideBySide(layer) ? tiled : overlapping };

  /** Without the operator's own indices, which cost more than the convolutions: a cell that equals its window's maximum is it. */
  function tiled(gradient: Value): Value {
    const [, height, width] = layer.output;
    const size = layer.window.stride;
    const covered = isTiling(layer)
      ? input
      : graph.slice(input, [2, 3], [0, 0], [height * size, width * size]);
    const isMaximum = graph.step(graph.op('Sub', [covered, enlarge(graph, output, size)]), 1);
    const share = graph.op('AveragePool', [isMaximum], windowOf(layer));
    const each = graph.op('Div', [graph.op('Mul', [gradient, graph.scalar(1 / size ** 2)]), share]);
    const shared = fill(graph, layer, graph.op('Mul', [isMaximum, enlarge(graph, each, size)]));
    sums.set(shared, { smaller: gradient, shape: layer.output });
    return shared;
  }

  /** Cell by cell of the window. */
  function overlapping(gradient: Value): Value {
    const [, height, width] = layer.output;
    const { kernel, stride } = layer.window;
    const isMaximum = Array.from({ length: sizeOf(kernel) }, (_, cell) => {
      const cells = graph.slice(
        input,
        [2, 3],
        [Math.floor(cell / kernel[1]), cell % kernel[1]],
        [height, width],
        [stride, stride],
      );
      return graph.step(graph.op('Sub', [cells, output]), 1);
    });
    const each = graph.op('Div', [gradient, graph.sum(isMaximum)]);
    return scatter(
      graph,
      layer,
      isMaximum.map((mask) => graph.op('Mul', [mask, each])),
    );
  }
}

export function averagePool({ graph }: Tape, layer: PoolLayer, input: Value): Recorded {
  return {
    output: graph.op('AveragePool', [input], {
      ...windowOf(layer),
      pads: layer.window.padding,
      count_include_pad: 1,
    }),
    backward(gradient) {
      const { kernel, stride } = layer.window;
      const each = graph.op('Mul', [gradient, graph.scalar(1 / sizeOf(kernel))]);
      if (hasWindowsSideBySide(layer)) return fill(graph, layer, enlarge(graph, each, stride));
      return scatter(graph, layer, Array<Value>(sizeOf(kernel)).fill(each));
    },
  };
}

/** Mean of each map: [n, channels]. */
export function globalAveragePool({ graph }: Tape, input: Value, [, height, width]: MapShape): Recorded {
  return {
    output: graph.op('Flatten', [graph.op('GlobalAveragePool', [input])]),
    backward(gradient) {
      const each = graph.op('Mul', [gradient, graph.scalar(1 / (height * width))]);
      const maps = graph.op('Unsqueeze', [each, graph.integers([2, 3])]);
      return graph.op('Expand', [maps, graph.integers([1, 1, height, width])]);
    },
  };
}

export function hasWindowsSideBySide({ window: { kernel, stride } }: PoolLayer): boolean {
  return kernel[0] === stride;
}

function windowOf({ window: { kernel, stride } }: PoolLayer) {
  return { kernel_shape: kernel, strides: [stride, stride] };
}

/** Whether windows side by side cover the input to its last row and column. */
function isTiling({ input, output, window: { stride } }: PoolLayer): boolean {
  return output[1] * stride === input[1] && output[2] * stride === input[2];
}

/** Every cell as size x size cells. */
function enlarge(graph: Graph, value: Value, size: number): Value {
  const scales = graph.tensor(`enlarge ${size}`, [4], Float32Array.of(1, 1, size, size));
  return graph.op('Resize', [value, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** Zeros for the rows and columns that no window covers, and none beyond the last ones. */
function fill(graph: Graph, { input, output, window: { stride } }: PoolLayer, gradient: Value): Value {
  return graph.pad(gradient, [0, 0, input[1] - output[1] * stride, input[2] - output[2] * stride]);
}

/** Adds up what each window gives to its cells: `parts` are the gradients of a window's first cell, second cell, ... */
function scatter(graph: Graph, { input, output, window }: PoolLayer, parts: readonly Value[]): Value {
  const [channels, height, width] = input;
  const { kernel, stride } = window;
  const cells = sizeOf(kernel);
  // A transposed convolution of each channel by itself, whose filters each write one cell of the window.
  const filters = singleTaps(graph, 1, kernel);
  const stacked = graph.concat(
    parts.map((part) => graph.op('Unsqueeze', [part, graph.integers([2])])),
    2,
  );
  const beyond = [height, width].map(
    (side, axis) => side - ((output[axis + 1]! - 1) * stride + kernel[axis]!),
  );
  const byChannel = graph.reshape(stacked, [-1, cells, output[1], output[2]]);
  const scattered = graph.op('ConvTranspose', [byChannel, filters], {
    kernel_shape: kernel,
    strides: [stride, stride],
    output_padding: beyond,
  });
  return graph.reshape(scattered, [-1, channels, height, width]);
}
