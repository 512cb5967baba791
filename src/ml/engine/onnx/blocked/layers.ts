/** Layers on maps in blocks, and how the others stand between them. */
import type { ConvLayer, PlacedLayer, PoolLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import { rectifiedGradient } from '../layers/pointwise.ts';
import { hasWindowsSideBySide } from '../layers/pool.ts';
import type { Recorded, RecordedTogether, Tape } from '../tape.ts';
import { betweenColumns, conv } from './columns.ts';
import { isConvInBlocks } from './conv.ts';
import { convPool, isConvPool } from './conv-pool.ts';
import { filled, filledConv } from './filled-conv.ts';
import { between, inBlocks, toLayout, toPlain } from './layout.ts';
import { averagePool, maxPool } from './pool.ts';

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
  if (!isPoolInBlocks(tape, layer)) return undefined;
  const record = layer.type === 'maxPool' ? maxPool : averagePool;
  return betweenColumns(tape, layer, input, (inBlocks) => record(tape, layer, inBlocks));
}

/** The first layers, where they take less together than one after the other. */
export function recordTogether(
  tape: Tape,
  [layer, next, third]: readonly PlacedLayer[],
  input: Value,
): RecordedTogether | undefined {
  if (layer?.type !== 'conv') return undefined;
  if (next?.type === 'maxPool') {
    const isRectified = third?.type === 'relu';
    const length = isRectified ? 3 : 2;
    if (isConvPool(tape, layer, next, input)) {
      const whole = { ...next, input: layer.input };
      const record = () => convPool(tape, layer, next, input, isRectified);
      return { recorded: betweenColumns(tape, whole, input, record), length };
    }
    if (!isRectified || !isConvInBlocks(tape, layer, input) || !isPoolInBlocks(tape, next)) return undefined;
    return { recorded: rectifiedAndPooled(tape, layer, next, input), length };
  }
  if (next?.type !== 'relu' || !isConvInBlocks(tape, layer, input)) return undefined;
  const { output, backward } = conv(tape, layer, input, { isRectified: true });
  const ofConv = (gradient: Value, more?: Value) =>
    backward(rectifiedGradient(tape.graph, output, gradient), more);
  return { recorded: { output, backward: ofConv, backwardOnto: ofConv }, length: 2 };
}

/** The convolution rectifies what it writes; the way back asks only the largest of each window whether it was. */
function rectifiedAndPooled(tape: Tape, layer: ConvLayer, pool: PoolLayer, input: Value): Recorded {
  const rectified = conv(tape, layer, input, { isRectified: true });
  const { output, backward } = betweenColumns(tape, pool, rectified.output, (inBlocks) =>
    maxPool(tape, pool, inBlocks),
  );
  const ofConv = (gradient: Value, more?: Value) =>
    rectified.backward(backward(rectifiedGradient(tape.graph, output, gradient)), more);
  return { output, backward: ofConv, backwardOnto: ofConv };
}

function isPoolInBlocks(tape: Tape, layer: PoolLayer): boolean {
  return inBlocks(tape, layer.input) && hasWindowsSideBySide(layer);
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
