/**
 * A convolution of the picture and the max pooling behind it, as one convolution with steps as large as the windows: it has
 * a filter for the first cell of every window, one for the second, ..., so that the cells of a window lie in maps behind
 * one another, and no map has to be enlarged or pooled.
 */
import type { ConvLayer, PoolLayer, Window } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { inputsOfTaps } from './conv.ts';
import { hasWindowsSideBySide } from './pool.ts';

/** Whether both can be computed together. A graphics card has not all of the operators that this takes. */
export function isConvPool(tape: Tape, conv: ConvLayer, pool: PoolLayer, input: Value): boolean {
  return (
    tape.training &&
    tape.provider === 'cpu' &&
    input === tape.picture &&
    conv.window.stride === 1 &&
    hasWindowsSideBySide(pool)
  );
}

export function convPool(tape: Tape, conv: ConvLayer, pool: PoolLayer, picture: Value): Recorded {
  const { graph, batch } = tape;
  const { kernel, padding } = conv.window;
  const [filters, height, width] = pool.output;
  const size = pool.window.stride;
  const cells = Array.from(
    { length: size ** 2 },
    (_, cell) => [Math.floor(cell / size), cell % size] as const,
  );
  const window: Window = { kernel: [kernel[0] + size - 1, kernel[1] + size - 1], stride: size, padding };
  const weight = tape.parameter(conv.weight);
  const bias = conv.bias && tape.parameter(conv.bias);
  const weights = tape.once(`of windows ${weight}`, () => {
    const around = cells.map(([row, column]) => [row, column, size - 1 - row, size - 1 - column] as const);
    return graph.concat(
      around.map((zeros) => graph.pad(weight, zeros)),
      0,
    );
  });
  const biases =
    bias && tape.once(`of windows ${bias}`, () => graph.concat(Array(cells.length).fill(bias), 0));
  const maps = graph.op('Conv', [picture, weights, biases ?? ''], {
    kernel_shape: window.kernel,
    strides: [size, size],
    pads: padding,
  });
  const seen = graph.reshape(maps, [batch, cells.length, filters * height * width]);
  // This and a product with ones take a quarter of the time of ReduceMax and ReduceSum.
  const largest = graph.op('Max', graph.split(seen, Array(cells.length).fill(1), 1));
  return { output: graph.reshape(largest, [batch, ...pool.output]), backward };

  function backward(gradient: Value): Value {
    if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0, 2, 3]));
    const isMaximum = graph.step(graph.op('Sub', [seen, largest]), 1);
    const ones = graph.tensor(
      `1 x ${cells.length}`,
      [1, cells.length],
      new Float32Array(cells.length).fill(1),
    );
    const count = graph.op('MatMul', [ones, isMaximum]);
    // Cells that share the maximum of a window share its gradient equally.
    const each = graph.op('Div', [graph.reshape(gradient, [batch, 1, filters * height * width]), count]);
    const ofMaps = graph.reshape(graph.op('Mul', [isMaximum, each]), [batch, -1, height * width]);
    const inputs = inputsOfTaps(tape, { input: conv.input, window }, picture);
    const product = graph.op(
      'com.microsoft:FusedMatMul',
      [ofMaps, graph.reshape(inputs, [batch, -1, height * width])],
      { transB: 1 },
    );
    tape.gather(weight, product, (parts) => {
      const sides = [cells.length, filters, conv.input[0], ...window.kernel];
      const ofCells = graph.reshape(graph.reduceSum(parts, [0]), sides);
      const own = cells.map(([row, column], cell) =>
        graph.slice(ofCells, [0, 3, 4], [cell, row, column], [1, ...kernel]),
      );
      return graph.reshape(graph.sum(own), conv.weight.shape);
    });
    return '';
  }
}
