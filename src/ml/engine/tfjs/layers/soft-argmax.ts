/** The mean place that heat maps say. */
import { cellPlaces } from '../../../network/cell-places.ts';
import type { SoftArgmaxLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

/** onnx/layers/soft-argmax.ts says what is computed. */
export function softArgmax({ graph }: Tape, layer: SoftArgmaxLayer, input: Value): Recorded {
  const [channels, height, width] = layer.input;
  const [outputs] = layer.output;
  const values = cellPlaces(layer);
  const count = values.length / 2;
  const places = graph.constant(`${layer.name}.places`, { type: 'FLOAT', shape: [count, 2], values });
  const maps = graph.reshape(graph.transpose(input, [0, 3, 1, 2]), [-1, count]);
  const share = graph.op('Softmax', [maps]);
  const place = graph.op('MatMul', [share, places]);
  return {
    output: graph.reshape(place, [-1, outputs]),
    backward(gradient) {
      const wanted = graph.reshape(gradient, [-1, 2]);
      const along = graph.op('MatMul', [wanted, places], { transpose_b: true });
      const product = graph.op('Mul', [wanted, place]);
      const mean = graph.op('Sum', [product, graph.integers([1])], { keep_dims: true });
      const cell = graph.op('Mul', [share, graph.op('Sub', [along, mean])]);
      return graph.transpose(graph.reshape(cell, [-1, channels, height, width]), [0, 2, 3, 1]);
    },
  };
}
