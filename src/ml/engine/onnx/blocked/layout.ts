/**
 * Maps in blocks of channels, as onnxruntime's own convolutions (the domain `com.microsoft.nchwc`) read and write them:
 * as many channels side by side as the processor multiplies at once. A map [batch, channels, height, width] then lies in
 * memory as [batch, channels / block, height, width, block]; its shape is still written the first way.
 */
import { isMap, type MapShape, type PlacedLayer, type Shape } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export const NCHWC = 'com.microsoft.nchwc:';

/** Which maps are kept in blocks: those whose channels fill whole blocks. */
export function inBlocks({ block }: Tape, shape: Shape): shape is MapShape {
  return block !== undefined && isMap(shape) && shape[0] % block === 0;
}

/** One channel after the other. */
export function toPlain(tape: Tape, value: Value, shape: Shape): Value {
  if (!inBlocks(tape, shape)) return value;
  return tape.graph.op(`${NCHWC}ReorderOutput`, [fromColumns(tape, value, shape)], { channels: shape[0] });
}

/** In blocks, where maps of this shape are kept so, and in columns likewise. */
export function toLayout(tape: Tape, value: Value, shape: Shape): Value {
  if (!inBlocks(tape, shape)) return value;
  return toColumns(tape, tape.graph.op(`${NCHWC}ReorderInput`, [value]), shape);
}

/**
 * Maps in columns lie in memory as [width, channels / block, height, batch, block]: for convolutions, whose kernels are one
 * cell wide then, each column is a map of its own that has the same column of all samples side by side.
 */
export function inColumns(tape: Tape, shape: Shape): shape is MapShape {
  return inBlocks(tape, shape) && tape.inColumns(shape);
}

/** From blocks, where maps of this shape are kept in columns. */
export function toColumns(tape: Tape, value: Value, shape: Shape): Value {
  if (!inColumns(tape, shape)) return value;
  const [channels, height, width] = shape;
  const turned = outsideIn(tape, value, [tape.batch, width], channels * height);
  return tape.graph.reshape(turned, [width, channels, height, tape.batch]);
}

/** The way back. */
export function fromColumns(tape: Tape, value: Value, shape: Shape): Value {
  if (!inColumns(tape, shape)) return value;
  const [channels, height, width] = shape;
  return asMaps(tape, outsideIn(tape, value, [width, tape.batch], channels * height), shape);
}

/** The outermost axis and the one outside of the blocks change places; between them lie `lines` for all channels. */
function outsideIn(
  { graph, block }: Tape,
  value: Value,
  [outer, inner]: readonly [number, number],
  lines: number,
): Value {
  return graph.transpose(graph.reshape(value, [outer, lines / block!, inner, block!]), [2, 1, 0, 3]);
}

/** Maps in blocks under the shape that they have in memory, the batch and its blocks in one: [batch * channels / block, height, width, block]. */
export function asStored(
  { graph, batch, block }: Tape,
  value: Value,
  [channels, height, width]: MapShape,
): Value {
  return graph.reshape(value, [(batch * channels) / block!, height, width, block!]);
}

export function asMaps({ graph, batch }: Tape, value: Value, shape: MapShape): Value {
  return graph.reshape(value, [batch, ...shape]);
}

/** How a map of this shape is brought from one layout to another. */
type Change = (tape: Tape, value: Value, shape: Shape) => Value;

/** A layer that knows another layout than the layers around it: `inward` leads to it, `outward` back. */
export function between(
  tape: Tape,
  layer: PlacedLayer,
  input: Value,
  record: (input: Value) => Recorded,
  inward: Change,
  outward: Change,
): Recorded {
  const { output, backward } = record(inward(tape, input, layer.input));
  return {
    output: outward(tape, output, layer.output),
    backward(gradient) {
      const own = backward(inward(tape, gradient, layer.output));
      // Nobody asks for that of the picture.
      return own && outward(tape, own, layer.input);
    },
  };
}
