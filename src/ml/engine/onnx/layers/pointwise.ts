/** Layers that treat every value by itself, or only move values. */
import type { DropoutLayer, MapShape } from '../../../network/placed.ts';
import type { Graph, Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

export function relu({ graph }: Tape, input: Value): Recorded {
  const output = graph.op('Relu', [input]);
  return { output, backward: (gradient) => rectifiedGradient(graph, output, gradient) };
}

/** Of what a ReLU read, given what it wrote and the gradient of that. */
export function rectifiedGradient(graph: Graph, output: Value, gradient: Value): Value {
  return graph.op('Mul', [graph.step(output, 0), gradient]);
}

export function dropout(tape: Tape, layer: DropoutLayer, input: Value): Recorded {
  if (!tape.training || layer.rate === 0) return { output: input, backward: (gradient) => gradient };
  const mask = tape.dropoutMask(layer);
  const masked = (value: Value) => tape.graph.op('Mul', [value, mask]);
  return { output: masked(input), backward: masked };
}

export function flatten({ graph, batch }: Tape, input: Value, shape: MapShape): Recorded {
  return {
    output: graph.op('Flatten', [input]),
    backward: (gradient) => graph.reshape(gradient, [batch, ...shape]),
  };
}
