/** Pooling of maps in blocks, with windows side by side. */
import type { MapShape, PoolLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { asMaps, asStored, NCHWC } from './layout.ts';

/** Cells that share the maximum of a window share its gradient equally, as in the plain layout. */
export function maxPool(tape: Tape, layer: PoolLayer, input: Value): Recorded {
  const { graph } = tape;
  const output = graph.op(`${NCHWC}MaxPool`, [input], windowOf(layer));
  return {
    output,
    backward(gradient) {
      const [channels, height, width] = layer.output;
      const size = layer.window.stride;
      const covered = crop(tape, input, layer.input, [channels, height * size, width * size]);
      const isMaximum = graph.step(graph.op('Sub', [covered, enlarge(tape, output, size)]), 1);
      const share = graph.op(`${NCHWC}AveragePool`, [isMaximum], windowOf(layer));
      const each = graph.op('Div', [graph.op('Mul', [gradient, graph.scalar(1 / size ** 2)]), share]);
      const shared = fill(tape, layer, graph.op('Mul', [isMaximum, enlarge(tape, each, size)]));
      tape.sums.set(shared, { smaller: gradient, shape: layer.output });
      return shared;
    },
  };
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

export function hasWindowsSideBySide({ window: { kernel, stride } }: PoolLayer): boolean {
  return kernel[0] === stride;
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
