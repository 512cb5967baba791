/**
 * A convolution of the picture and the max pooling behind it. Its maps are the largest of a network, and to compute them
 * again takes less time than to keep them: the way back does so for the first cell of every window, for the second, ...,
 * and never has a map as large as the convolution's.
 */
import type { ConvLayer, PoolLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { addChannelSums, arrangedGradient, arrangementOf, isConvInBlocks, weightGradient } from './conv.ts';
import { NCHWC } from './layout.ts';
import { hasWindowsSideBySide } from './pool.ts';

/** Whether both can be computed together. */
export function isConvPool(tape: Tape, conv: ConvLayer, pool: PoolLayer, input: Value): boolean {
  return (
    input === tape.picture &&
    conv.window.stride === 1 &&
    isConvInBlocks(tape, conv, input) &&
    hasWindowsSideBySide(pool)
  );
}

export function convPool(tape: Tape, conv: ConvLayer, pool: PoolLayer, picture: Value): Recorded {
  const { graph, block } = tape;
  const { kernel, padding } = conv.window;
  const size = pool.window.stride;
  const [filters, height, width] = pool.output;
  const weight = tape.parameter(conv.weight, arrangementOf(tape, conv));
  const bias = conv.bias && tape.parameter(conv.bias);
  const padded = graph.pad(picture, padding);
  const maps = graph.op(`${NCHWC}Conv`, [padded, weight], { kernel_shape: kernel });
  const largest = graph.op(`${NCHWC}MaxPool`, [maps], { kernel_shape: [size, size], strides: [size, size] });

  return { output: bias ? addBias() : largest, backward };

  /** To the largest of each window, which is the same as before pooling and takes a quarter of the time or less. */
  function addBias(): Value {
    // Written out for every cell: sums in which a value meets only few others are slow.
    const everywhere = tape.once(`${bias} everywhere`, () => {
      const stored = graph.reshape(bias!, [1, filters / block!, 1, block!]);
      const expanded = graph.op('Expand', [
        stored,
        graph.integers([1, filters / block!, height * width, block!]),
      ]);
      return graph.reshape(expanded, [1, ...pool.output]);
    });
    return graph.op('Add', [largest, everywhere]);
  }

  function backward(gradient: Value): Value {
    if (bias) addChannelSums(tape, bias, gradient, pool.output);
    const negative = tape.once(`negative ${weight}`, () => graph.op('Neg', [weight]));
    const extent = [size * (height - 1) + kernel[0], size * (width - 1) + kernel[1]] as const;
    const cells = Array.from({ length: size * size }, (_, cell) => {
      const seen = graph.slice(padded, [2, 3], [Math.floor(cell / size), cell % size], extent);
      // Exactly 0 where the cell is the largest, whose value is added to minus its own.
      const isLargest = graph.op(`${NCHWC}Conv`, [seen, negative, '', largest], {
        kernel_shape: kernel,
        strides: [size, size],
        activation: 'HardSigmoid',
        activation_params: { floats: [-1e30, 1] },
      });
      return { seen, isLargest };
    });
    // Cells that share the maximum of a window share its gradient equally.
    const each = graph.op('Div', [gradient, graph.sum(cells.map(({ isLargest }) => isLargest))]);
    const geometry = {
      window: { kernel, stride: size, padding: [0, 0, 0, 0] },
      input: [conv.input[0], ...extent],
      output: pool.output,
    } as const;
    for (const { seen, isLargest } of cells)
      tape.accumulate(
        weight,
        (soFar) => weightGradient(tape, geometry, seen, graph.op('Mul', [isLargest, each]), soFar),
        (total) => arrangedGradient(tape, conv, total),
      );
    return '';
  }
}
