/** Zeros around maps. */
import type { MapShape, Window } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

interface Padded extends Recorded {
  /** [height, width] with the zeros. */
  readonly sides: readonly [number, number];
}

export function pad(
  { graph, trainedAtOnce }: Tape,
  [channels, height, width]: MapShape,
  [top, left, bottom, right]: Window['padding'],
  input: Value,
): Padded {
  const sides = [top + height + bottom, left + width + right] as const;
  if (sides[0] === height && sides[1] === width)
    return { output: input, sides, backward: (gradient) => gradient };
  const around = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as const;
  return {
    output: graph.op('Pad', [input, graph.pairs(around)]),
    sides,
    backward(gradient) {
      const from = graph.integers([0, top, left, 0]);
      const lengths = graph.integers([trainedAtOnce!, height, width, channels]);
      return graph.op('Slice', [gradient, from, lengths], { Index: { type: 'INT32' } });
    },
  };
}
