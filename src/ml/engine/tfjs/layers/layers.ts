/** Writes lists of layers into a graph. */
import type { PlacedLayer, ResidualLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './conv.ts';
import { dense } from './dense.ts';
import { dropout, flatten, relu } from './pointwise.ts';
import { averagePool, globalAveragePool, maxPool } from './pool.ts';
import { softArgmax } from './soft-argmax.ts';

export function sequence(tape: Tape, layers: readonly PlacedLayer[], input: Value): Recorded {
  const recorded: Recorded[] = [];
  for (const layer of layers) recorded.push(record(tape, layer, recorded.at(-1)?.output ?? input));
  return {
    output: recorded.at(-1)?.output ?? input,
    backward: (gradient) => recorded.reduceRight((onward, layer) => layer.backward(onward), gradient),
  };
}

function record(tape: Tape, layer: PlacedLayer, input: Value): Recorded {
  switch (layer.type) {
    case 'conv':
      return conv(tape, layer, input);
    case 'maxPool':
      return maxPool(tape, layer, input);
    case 'averagePool':
      return averagePool(tape, layer, input);
    case 'globalAveragePool':
      return globalAveragePool(tape, layer.input, input);
    case 'batchNorm':
      return batchNorm(tape, layer, input);
    case 'relu':
      return relu(tape, input);
    case 'residual':
      return residual(tape, layer, input);
    case 'flatten':
      return flatten(tape, layer.input, input);
    case 'dense':
      return dense(tape, layer, input);
    case 'dropout':
      return dropout(tape, layer, input);
    case 'softArgmax':
      return softArgmax(tape, layer, input);
  }
}

/** shortcut(x) + scale * body(x) */
function residual(tape: Tape, layer: ResidualLayer, input: Value): Recorded {
  const { graph } = tape;
  const body = sequence(tape, layer.body, input);
  const shortcut = sequence(tape, layer.shortcut, input);
  const { scale } = layer;
  const factor = scale && tape.parameter(scale);
  const scaled = (value: Value) => (factor ? graph.op('Mul', [value, factor]) : value);
  return {
    output: graph.op('AddV2', [scaled(body.output), shortcut.output]),
    backward(gradient) {
      if (scale) {
        const product = graph.op('Mul', [gradient, body.output]);
        tape.addGradient(scale, graph.reshape(graph.total(product, layer.output.length + 1), [1]));
      }
      return graph.op('AddV2', [body.backward(scaled(gradient)), shortcut.backward(gradient)]);
    },
  };
}
