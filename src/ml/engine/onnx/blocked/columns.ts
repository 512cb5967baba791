/** Which maps are kept in columns, and how layers in blocks stand between them. */
import type { ConvLayer, MapShape, PlacedLayer } from '../../../network/placed.ts';
import type { Value } from '../graph.ts';
import type { Recorded, Tape } from '../tape.ts';
import { conv as convInBlocks, type OnTheWay, type RecordedConv } from './conv.ts';
import { filteredConv, isFiltered } from './filtered-conv.ts';
import { between, fromColumns, inColumns, toColumns } from './layout.ts';

/** All maps with the sides of some that take less in columns. */
export function mapsInColumns(layers: readonly PlacedLayer[], block: number): Tape['inColumns'] {
  const convolutions = layers
    .flatMap(convolutionsOf)
    .filter(
      (layer) =>
        [layer.input, layer.output].every(([channels]) => channels % block === 0) && isFiltered(layer, block),
    );
  const sides = new Set(convolutions.flatMap(({ input, output }) => [sidesOf(input), sidesOf(output)]));
  return (shape) => sides.has(sidesOf(shape));
}

function convolutionsOf(layer: PlacedLayer): ConvLayer[] {
  if (layer.type === 'residual') return [...layer.body, ...layer.shortcut].flatMap(convolutionsOf);
  return layer.type === 'conv' ? [layer] : [];
}

function sidesOf([, height, width]: MapShape): string {
  return `${height} x ${width}`;
}

/** Convolution of maps in blocks or columns. */
export function conv(tape: Tape, layer: ConvLayer, input: Value, onTheWay: OnTheWay = {}): RecordedConv {
  const { window, input: from, output: to } = layer;
  if (inColumns(tape, from) && inColumns(tape, to)) {
    if (isFiltered(layer, tape.block!)) return filteredConv(tape, layer, input, onTheWay);
    // Kernels one cell wide never leave their column.
    if (window.kernel[1] === 1 && window.stride === 1 && from[2] === to[2]) {
      const ofColumn = ([channels, height]: MapShape): MapShape => [channels, height, tape.batch];
      const column = { ...layer, input: ofColumn(from), output: ofColumn(to) };
      return convInBlocks({ ...tape, batch: from[2] }, column, input, onTheWay);
    }
  }
  const { plus, ...others } = onTheWay;
  const { output, backward } = convInBlocks(tape, layer, fromColumns(tape, input, from), {
    ...others,
    ...(plus !== undefined && { plus: fromColumns(tape, plus, to) }),
  });
  const outside = (gradient: Value, more?: Value) => {
    const own = backward(fromColumns(tape, gradient, to), more && fromColumns(tape, more, from));
    return own && toColumns(tape, own, from);
  };
  return { output: toColumns(tape, output, to), backward: outside, backwardOnto: outside };
}

/** A layer for maps in blocks: what goes in and comes out of it is turned where it is kept in columns. */
export function betweenColumns(
  tape: Tape,
  layer: PlacedLayer,
  input: Value,
  record: (input: Value) => Recorded,
): Recorded {
  return between(tape, layer, input, record, fromColumns, toColumns);
}
