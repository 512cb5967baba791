/** Dense layers. */
import type { DenseLayer } from '../../../network/placed.ts';
import { denseInBlocks } from '../blocked/dense.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function dense(tape: Tape, layer: DenseLayer, input: Value): Recorded {
  const form = tape.jointForm(layer.weight);
  if (form === 'blocks') return denseInBlocks(tape, layer, input);
  if (form === 'rows') return large(tape, layer, input);
  const { graph } = tape;
  const weight = tape.parameter(layer.weight);
  const bias = layer.bias && tape.parameter(layer.bias);
  return {
    output: graph.op('Gemm', [input, weight, ...(bias ? [bias] : [])]),
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0]));
      tape.addProduct(layer.weight, input, gradient);
      return graph.op('Gemm', [gradient, weight], { transB: 1 });
    },
  };
}

/**
 * A weight of tens of megabytes costs less when it lies as [out, in]: a product with the few samples as its columns reads it
 * as it lies, where one with them as its rows copies it first, a piece at a time.
 */
function large(tape: Tape, layer: DenseLayer, input: Value): Recorded {
  const { graph } = tape;
  const [read, written] = layer.weight.shape as [number, number];
  const stored = tape.parameter(layer.weight, { view: [read, written], order: [1, 0] });
  const weight = graph.reshape(stored, [written, read]);
  const bias = layer.bias && tape.parameter(layer.bias);
  const column = bias ? [graph.reshape(bias, [written, 1])] : [];
  const turned = graph.op('Gemm', [weight, input, ...column], { transB: 1 });
  return {
    output: graph.op('Transpose', [turned], { perm: [1, 0] }),
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0]));
      tape.addProduct(layer.weight, input, gradient);
      return graph.op('Gemm', [gradient, weight]);
    },
  };
}
