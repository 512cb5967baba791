/** The mean place that heat maps say. */
import { cellPlaces } from '../../../network/cell-places.ts';
import type { SoftArgmaxLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';

/**
 * With p the softmax of a keypoint's cells and c their places, y = sum(p * c). Of a gradient g of y the cells get
 * p * (g . c - g . y): the derivative of the softmax, where what is subtracted is sum(p * (g . c)).
 */
export function softArgmax({ graph, batch }: Tape, layer: SoftArgmaxLayer, input: Value): Recorded {
  const [channels, height, width] = layer.input;
  const [outputs] = layer.output;
  const cells = cellPlaces(layer);
  const places = graph.tensor(`${layer.name}.places`, [cells.length / 2, 2], cells);
  const share = graph.op('Softmax', [graph.reshape(input, [-1, cells.length / 2])], { axis: 1 });
  const place = graph.op('MatMul', [share, places]);
  return {
    output: graph.reshape(place, [-1, outputs]),
    backward(gradient) {
      const wanted = graph.reshape(gradient, [-1, 2]);
      const along = graph.op('Gemm', [wanted, places], { transB: 1 });
      const mean = graph.reduceSum(graph.op('Mul', [wanted, place]), [1], true);
      const cell = graph.op('Mul', [share, graph.op('Sub', [along, mean])]);
      return graph.reshape(cell, [batch, channels, height, width]);
    },
  };
}
