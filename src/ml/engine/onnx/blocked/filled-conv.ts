/**
 * Convolution into channels that do not fill their last block, as the heat maps of 15 keypoints: with filters of zeros
 * beside its own it is one in blocks. What comes out, and its gradient, is plain.
 */
import type { ConvLayer, ParameterInfo } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { arrangementOf, conv, isConvInBlocks, withParameters } from './conv.ts';
import { NCHWC } from './layout.ts';

/** Filters of zeros are work, too: at most so large a share. */
const MOST_ZEROS = 0.2;

/** @returns the layer with filters that fill blocks; undefined where that is no gain */
export function filled(tape: Tape, layer: ConvLayer, input: Value): ConvLayer | undefined {
  const { block } = tape;
  const [filters, ...rest] = layer.output;
  if (block === undefined || filters % block === 0) return undefined;
  const all = Math.ceil(filters / block) * block;
  if ((all - filters) / all > MOST_ZEROS) return undefined;
  const more = (info: ParameterInfo): ParameterInfo => ({ ...info, shape: [all, ...info.shape.slice(1)] });
  const whole: ConvLayer = {
    ...layer,
    output: [all, ...rest],
    weight: more(layer.weight),
    bias: layer.bias && more(layer.bias),
  };
  return isConvInBlocks(tape, whole, input) ? whole : undefined;
}

/** @param whole the layer as `filled` has made it */
export function filledConv(tape: Tape, layer: ConvLayer, whole: ConvLayer, input: Value): Recorded {
  const { graph } = tape;
  const [filters] = layer.output;
  const zeros = whole.output[0] - filters;
  const { view, order } = arrangementOf(tape, whole);
  const padded = (info: ParameterInfo) =>
    graph.padAxes(
      tape.parameter(info),
      info.shape.map(() => 0),
      info.shape.map((_, axis) => (axis === 0 ? zeros : 0)),
    );
  const weight = tape.once(`filled ${layer.weight.name}`, () =>
    graph.reshape(graph.transpose(graph.reshape(padded(layer.weight), view), order), whole.weight.shape),
  );
  const bias = layer.bias && tape.once(`filled ${layer.bias.name}`, () => padded(layer.bias!));
  /** As the parameter lies, without the zeros. */
  const ownWeight = (gradient: Value) => {
    const moved = order.map((axis) => view[axis]!);
    const back = order.map((_, axis) => order.indexOf(axis));
    const plain = graph.transpose(graph.reshape(gradient, moved), back);
    return graph.slice(graph.reshape(plain, whole.weight.shape), [0], [0], [filters]);
  };
  const ownBias = (gradient: Value) => graph.slice(gradient, [0], [0], [filters]);
  const recorded = conv(withParameters(tape, layer, { weight, bias, ownWeight, ownBias }), whole, input);
  return {
    output: graph.op(`${NCHWC}ReorderOutput`, [recorded.output], { channels: filters }),
    backward: (gradient) =>
      recorded.backward(
        graph.op(`${NCHWC}ReorderInput`, [graph.padAxes(gradient, [0, 0, 0, 0], [0, zeros, 0, 0])]),
      ),
  };
}
