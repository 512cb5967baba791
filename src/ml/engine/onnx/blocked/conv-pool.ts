/**
 * A convolution of the picture and the max pooling behind it. Its maps are the largest of a network, and to compute them
 * again takes less time than to keep them.
 */
import type { ConvLayer, PoolLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import { rectifiedGradient } from '../layers/pointwise.ts';
import { hasWindowsSideBySide } from '../layers/pool.ts';
import type { Recorded, Tape } from '../tape.ts';
import { addChannelSums, arrangedGradient, arrangementOf, isConvInBlocks, weightGradient } from './conv.ts';
import { NCHWC } from './layout.ts';
import { gradientOfLargest, HUGE, perChannel } from './pool.ts';

/** Whether both can be computed together. */
export function isConvPool(tape: Tape, conv: ConvLayer, pool: PoolLayer, input: Value): boolean {
  return (
    input === tape.picture &&
    conv.window.stride === 1 &&
    isConvInBlocks(tape, conv, input) &&
    hasWindowsSideBySide(pool)
  );
}

export function convPool(
  tape: Tape,
  conv: ConvLayer,
  pool: PoolLayer,
  picture: Value,
  isRectified: boolean,
): Recorded {
  const { graph } = tape;
  const { kernel, padding } = conv.window;
  const [filters, height, width] = pool.output;
  const size = pool.window.stride;
  const weight = tape.parameter(conv.weight, arrangementOf(tape, conv));
  const bias = conv.bias && tape.parameter(conv.bias);
  // What windows of the pooling see.
  const seen = [size * height + kernel[0] - 1, size * width + kernel[1] - 1] as const;
  const [top, left] = padding;
  const input = graph.padAxes(
    picture,
    [0, 0, top, left],
    [0, 0, seen[0] - conv.input[1] - top, seen[1] - conv.input[2] - left],
  );
  const cells = {
    input,
    weight: tape.once(`huge ${weight}`, () => graph.op('Mul', [weight, graph.scalar(HUGE)])),
    kernel,
    group: 1,
  };
  const maps = graph.op(`${NCHWC}Conv`, [input, cells.weight], { kernel_shape: kernel });
  const largest = graph.op(`${NCHWC}MaxPool`, [maps], { kernel_shape: [size, size], strides: [size, size] });
  // A bias added to the largest of each window is the same as before pooling and takes a quarter of the time or less.
  const output = graph.op(`${NCHWC}Conv`, [largest, perChannel(tape, filters, 1 / HUGE), bias ?? ''], {
    kernel_shape: [1, 1],
    group: filters,
    ...(isRectified && { activation: 'Relu' }),
  });
  return {
    output,
    backward: (gradient) => backward(isRectified ? rectifiedGradient(graph, output, gradient) : gradient),
  };

  function backward(gradient: Value): Value {
    if (bias) addChannelSums(tape, bias, gradient, pool.output);
    const ofMaps = gradientOfLargest(tape, pool, cells, graph.op('Neg', [largest]), gradient);
    const geometry = {
      window: { kernel, stride: 1, padding: [0, 0, 0, 0] },
      input: [conv.input[0], ...seen],
      output: [filters, size * height, size * width],
    } as const;
    tape.accumulate(weight, weightGradient(tape, geometry, input, ofMaps), (total) =>
      arrangedGradient(tape, conv, total),
    );
    return '';
  }
}
