/** Dense layers. */
import type { DenseLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

/** A weight too large for the cache is kept in blocks of rows, each used and updated while it is at hand. */
export function dense(tape: Tape, layer: DenseLayer, input: Value): Recorded {
  const { graph } = tape;
  const blocks = tape.rowBlocks(layer.weight);
  const bias = layer.bias && tape.parameter(layer.bias);
  const inputs = graph.split(
    input,
    blocks.map(({ rows }) => rows),
    1,
  );
  let output = bias;
  for (const [index, { value }] of blocks.entries())
    output = graph.op('Gemm', [inputs[index]!, value, ...(output ? [output] : [])]);
  return {
    output: output!,
    backward(gradient) {
      if (bias) tape.addGradient(bias, graph.reduceSum(gradient, [0]));
      for (const [index, { value }] of blocks.entries())
        tape.addGradient(value, graph.op('Gemm', [inputs[index]!, gradient], { transA: 1 }));
      return graph.concat(
        blocks.map(({ value }) => graph.op('Gemm', [gradient, value], { transB: 1 })),
        1,
      );
    },
  };
}
