/** Layers that treat every value by itself, or only move values. */
import { sizeOf, type DropoutLayer, type MapShape } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function relu({ graph }: Tape, input: Value): Recorded {
  const output = graph.op('Relu', [input]);
  return { output, backward: (gradient) => graph.op('ReluGrad', [gradient, output]) };
}

export function dropout(tape: Tape, layer: DropoutLayer, input: Value): Recorded {
  if (tape.trainedAtOnce === undefined || layer.rate === 0)
    return { output: input, backward: (gradient) => gradient };
  const mask = tape.dropoutMask(layer);
  const masked = (value: Value) => tape.graph.op('Mul', [value, mask]);
  return { output: masked(input), backward: masked };
}

/** Channels come first in the list, as everywhere outside this engine. */
export function flatten({ graph }: Tape, shape: MapShape, input: Value): Recorded {
  const [channels, height, width] = shape;
  return {
    output: graph.reshape(graph.transpose(input, [0, 3, 1, 2]), [-1, sizeOf(shape)]),
    backward: (gradient) =>
      graph.transpose(graph.reshape(gradient, [-1, channels, height, width]), [0, 2, 3, 1]),
  };
}
