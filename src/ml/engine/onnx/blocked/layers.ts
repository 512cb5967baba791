/** Layers on maps in blocks, and how the others stand between them. */
import type { PlacedLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import { rectifiedGradient } from '../layers/pointwise.ts';
import type { Recorded, Tape } from '../tape.ts';
import { betweenColumns, conv } from './columns.ts';
import { isConvInBlocks } from './conv.ts';
import { convPool, isConvPool } from './conv-pool.ts';
import { filled, filledConv } from './filled-conv.ts';
import { between, inBlocks, toLayout, toPlain } from './layout.ts';
import { averagePool, hasWindowsSideBySide, maxPool } from './pool.ts';

/** The layer in blocks, or undefined where there is none for it. */
export function recordInBlocks(tape: Tape, layer: PlacedLayer, input: Value): Recorded | undefined {
  if (layer.type === 'conv') {
    if (isConvInBlocks(tape, layer, input)) return conv(tape, layer, input);
    const whole = filled(tape, layer, input);
    return (
      whole && betweenColumns(tape, layer, input, (inBlocks) => filledConv(tape, layer, whole, inBlocks))
    );
  }
  if (layer.type !== 'maxPool' && layer.type !== 'averagePool') return undefined;
  if (!inBlocks(tape, layer.input) || !hasWindowsSideBySide(layer)) return undefined;
  const record = layer.type === 'maxPool' ? maxPool : averagePool;
  return betweenColumns(tape, layer, input, (inBlocks) => record(tape, layer, inBlocks));
}

/** Two layers that take less together than one after the other, or undefined where they are not such. */
export function recordTogether(
  tape: Tape,
  layer: PlacedLayer,
  next: PlacedLayer | undefined,
  input: Value,
): Recorded | undefined {
  if (layer.type !== 'conv') return undefined;
  if (next?.type === 'maxPool' && isConvPool(tape, layer, next, input))
    return betweenColumns(tape, { ...next, input: layer.input }, input, () =>
      convPool(tape, layer, next, input),
    );
  if (next?.type !== 'relu' || !isConvInBlocks(tape, layer, input)) return undefined;
  const { output, backward } = conv(tape, layer, input, { isRectified: true });
  const ofConv = (gradient: Value, more?: Value) =>
    backward(rectifiedGradient(tape.graph, output, gradient), more);
  return { output, backward: ofConv, backwardOnto: ofConv };
}

/** A layer for plain maps: what goes in and comes out of it is reordered where it is kept in blocks. */
export function betweenBlocks(
  tape: Tape,
  layer: PlacedLayer,
  input: Value,
  record: (input: Value) => Recorded,
): Recorded {
  return between(tape, layer, input, record, toPlain, toLayout);
}
