/**
 * Dense layers whose weight is tens of megabytes. onnxruntime's matrix products copy one side, a piece at a time, into the
 * order in which they read it; its convolutions in blocks read all of theirs as they lie. So the weight [in, out] lies as
 * [in / block, out, block], which is at once
 *
 * - a picture in blocks of `in` channels and 1 x `out` cells: the inputs are filters of single cells that move over it;
 * - `in` filters in blocks, of one channel and `out` x 1 cells: they stand on the gradients, a sample in each column;
 * - what filters of single cells, one for each of `in`, make of the samples' gradients as channels of 1 x `out` cells.
 */
import type { DenseLayer, ParameterInfo } from '../../../network/placed.ts';
import type { Arrangement } from '../arrangement.ts';
import type { Graph, Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { NCHWC } from './layout.ts';

/** @param samples of each replica; every one makes the gradients of a block at least */
export function isDenseInBlocks(
  block: number | undefined,
  { shape: [read] }: ParameterInfo,
  samples: readonly number[],
): boolean {
  if (block === undefined || read! < samples.length * block) return false;
  return [read!, ...samples].every((side) => side % block === 0);
}

export function denseInBlocks(tape: Tape, layer: DenseLayer, input: Value): Recorded {
  const { graph, batch } = tape;
  const block = tape.block!;
  const [read, written] = layer.weight.shape as [number, number];
  const weight = tape.parameter(layer.weight, arrangementOf(layer.weight, block));
  const bias = layer.bias && tape.parameter(layer.bias);
  const filters = graph.transpose(
    graph.reshape(input, [batch / block, block, read / block, block]),
    [0, 2, 3, 1],
  );
  const products = graph.op(
    `${NCHWC}Conv`,
    [graph.reshape(weight, [1, read, 1, written]), graph.reshape(filters, [batch, read, 1, 1])],
    { kernel_shape: [1, 1] },
  );
  const bySample = graph.transpose(graph.reshape(products, [batch / block, written, block]), [0, 2, 1]);
  const output = graph.reshape(bySample, [batch, written]);
  return {
    output: bias ? graph.op('Add', [output, bias]) : output,
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0]));
      tape.addProduct(layer.weight, input, gradient);
      const columns = graph.reshape(graph.transpose(gradient, [1, 0]), [1, 1, written, batch]);
      const inputs = graph.op(`${NCHWC}Conv`, [columns, graph.reshape(weight, [read, 1, written, 1])], {
        kernel_shape: [written, 1],
      });
      const bySample = graph.transpose(graph.reshape(inputs, [read / block, batch, block]), [1, 0, 2]);
      return graph.reshape(bySample, [batch, read]);
    },
  };
}

function arrangementOf({ shape }: ParameterInfo, block: number): Arrangement {
  const [read, written] = shape as [number, number];
  return { view: [read / block, block, written], order: [0, 2, 1] };
}

/**
 * A part of the weight's gradient, in the arrangement of the weight.
 * @param inputs [batch, in]
 * @param gradients [batch, out]
 * @param from the first of `count` inputs whose weights these are; both are multiples of the block
 */
export function weightsOfInputs(
  graph: Graph,
  block: number,
  [inputs, gradients]: readonly [Value, Value],
  [batch, written]: readonly [number, number],
  from: number,
  count: number,
): Value {
  const own = graph.reshape(graph.slice(inputs, [1], [from], [count]), [batch, count / block, block]);
  const filters = graph.reshape(graph.transpose(own, [1, 0, 2]), [count, batch, 1, 1]);
  const cells = graph.transpose(graph.reshape(gradients, [batch / block, block, written]), [0, 2, 1]);
  return graph.op(`${NCHWC}Conv`, [graph.reshape(cells, [1, batch, 1, written]), filters], {
    kernel_shape: [1, 1],
  });
}
