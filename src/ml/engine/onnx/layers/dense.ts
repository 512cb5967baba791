/** Dense layers. */
import type { DenseLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function dense(tape: Tape, layer: DenseLayer, input: Value): Recorded {
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
