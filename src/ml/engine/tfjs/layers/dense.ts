/** Dense layers. */
import type { DenseLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function dense(tape: Tape, layer: DenseLayer, input: Value): Recorded {
  const { graph } = tape;
  const { bias } = layer;
  const weight = tape.parameter(layer.weight);
  const product = graph.op('MatMul', [input, weight]);
  return {
    output: bias ? graph.op('BiasAdd', [product, tape.parameter(bias)]) : product,
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.op('BiasAddGrad', [gradient]));
      tape.addGradient(layer.weight, graph.op('MatMul', [input, gradient], { transpose_a: true }));
      return graph.op('MatMul', [gradient, weight], { transpose_b: true });
    },
  };
}
