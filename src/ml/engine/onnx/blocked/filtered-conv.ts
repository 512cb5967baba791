/**
 * Convolution of maps in columns with fewer products, by interpolation along their rows. The values at its points are sums
 * of columns, the same for every channel, row and sample: one product with a small matrix. For each point there is then a
 * map of its own, and convolutions side by side with kernels one cell wide multiply them.
 */
import type { ConvLayer } from '../../../network/placed.ts';
import type { Arrangement } from '../arrangement.ts';
import type { Graph, Value } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { conv, type GroupedConv, type OnTheWay, type RecordedConv, withParameters } from './conv.ts';
import { cellsOfTile, COMMON, filterValues, gathering, inputValues, PRODUCTS } from './interpolation.ts';

/** A multiplication by a small matrix takes as long as so many in a convolution. */
const MATRIX_COST = 3;

/** Whether this takes less than a convolution in blocks does: on narrow maps of many channels. */
export function isFiltered({ input, output, window }: ConvLayer, block: number): boolean {
  const [rows, columns] = window.kernel;
  if (window.stride > 1 || columns < 2 || columns >= PRODUCTS) return false;
  const tiles = tilesOf(output[2], columns, block);
  const matrices = tiles * PRODUCTS * (input[0] * input[2] + output[0] * output[2]) * MATRIX_COST;
  const saved = (output[2] * columns - tiles * PRODUCTS) * rows * input[0] * output[0];
  return tiles < block && matrices < saved;
}

/** As many as the weights' gradient, whose channels they are, can have: less than a block for all points, or whole blocks. */
function tilesOf(columns: number, kernel: number, block: number): number {
  let tiles = Math.ceil(columns / cellsOfTile(kernel));
  while (tiles * PRODUCTS > block && (tiles * PRODUCTS) % block > 0) tiles++;
  return tiles;
}

/** @returns with a `backward` that is given the gradient of the convolution alone */
export function filteredConv(
  tape: Tape,
  layer: ConvLayer,
  input: Value,
  { plus, isRectified }: OnTheWay,
): RecordedConv {
  const { graph, batch } = tape;
  const block = tape.block!;
  const [channels, height, width] = layer.input;
  const [filters, rows, columns] = layer.output;
  const [kernelRows, kernel] = layer.window.kernel;
  const [top, left, bottom] = layer.window.padding;
  const tiles = tilesOf(columns, kernel, block);
  const lines = tiles * PRODUCTS;
  const toValues = matrix(
    graph,
    `values ${[tiles, width, kernel, left]}`,
    inputValues(tiles, width, kernel, left),
  );
  const toCells = matrix(graph, `cells ${[tiles, columns, kernel]}`, gathering(tiles, columns, kernel));
  const ofFilter = matrix(graph, `filter ${kernel}`, filterValues(kernel));
  const weight = tape.parameter(layer.weight, arrangementOf(layer, block));
  const bias = layer.bias && tape.parameter(layer.bias);

  const all = PRODUCTS * filters;
  const sideBySide: GroupedConv = {
    ...layer,
    groups: PRODUCTS,
    input: [PRODUCTS * channels, height, batch],
    output: [all, rows, batch],
    window: { kernel: [kernelRows, 1], stride: 1, padding: [top, 0, bottom, 0] },
    weight: { ...layer.weight, shape: [all, channels, kernelRows, 1] },
  };
  const weights = tape.once(`values of ${weight}`, () =>
    graph.reshape(graph.op('Gemm', [ofFilter, flat(weight, kernel)]), sideBySide.weight.shape),
  );
  const biases =
    bias &&
    tape.once(`values of ${bias}`, () =>
      graph.padAxes(bias, [COMMON * filters], [all - (COMMON + 1) * filters]),
    );
  const substitute = { weight: weights, bias: biases, ownWeight, ownBias: (gradient: Value) => gradient };
  const within: Tape = { ...withParameters(tape, layer, substitute), batch: tiles };
  const values = graph.reshape(graph.op('Gemm', [toValues, flat(input, width)]), [
    tiles,
    ...sideBySide.input,
  ]);
  const products = conv(within, sideBySide, values);
  const cells = [toCells, flat(products.output, lines), ...added(plus, columns)];
  const output = isRectified
    ? graph.op('com.microsoft:FusedGemm', cells, { activation: 'Relu' })
    : graph.op('Gemm', cells);
  return { output: graph.reshape(output, [columns, filters, rows, batch]), backward, backwardOnto: backward };

  function backward(gradient: Value, more?: Value): Value {
    const ofProducts = graph.reshape(graph.op('Gemm', [toCells, flat(gradient, columns)], { transA: 1 }), [
      tiles,
      ...sideBySide.output,
    ]);
    within.sums.set(ofProducts, { smaller: gradient, shape: [filters, rows, batch] });
    const ofValues = flat(products.backward(ofProducts), lines);
    const ofInput = graph.op('Gemm', [toValues, ofValues, ...added(more, width)], { transA: 1 });
    return graph.reshape(ofInput, [width, channels, height, batch]);
  }

  function ownWeight(gradient: Value): Value {
    const own = graph.op('Gemm', [ofFilter, flat(gradient, PRODUCTS)], { transA: 1 });
    return graph.reshape(own, layer.weight.shape);
  }

  /** [length, all else] */
  function flat(value: Value, length: number): Value {
    return graph.reshape(value, [length, -1]);
  }

  function added(value: Value | undefined, length: number): Value[] {
    return value === undefined ? [] : [flat(value, length)];
  }
}

function matrix(graph: Graph, name: string, lines: readonly (readonly number[])[]): Value {
  return graph.tensor(name, [lines.length, lines[0]!.length], Float32Array.from(lines.flat()));
}

/** Filters [out, in, rows, columns] in memory: [columns, out / block, in / block, rows, block of in, block of out]. */
function arrangementOf({ weight }: ConvLayer, block: number): Arrangement {
  const [filters, channels, ...kernel] = weight.shape as [number, number, number, number];
  return { view: [filters / block, block, channels / block, block, ...kernel], order: [5, 0, 2, 4, 3, 1] };
}
