/** Which pixels of the picture one value depends on. */
import { isMap, type MapShape, type PlacedLayer, type Shape } from '../network/placed.ts';
import type { Location } from './locate.ts';

/** One value of a layer's output; in a list of values the channel is its place, row and column are 0. */
export interface Cell {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** Cells of a map or pixels of a picture, all four sides included. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Of a list of values one, or all of them. */
type Extent = Region | { readonly value: number | 'all' };

/** @returns pixels of the network's input; undefined where a value sees nothing but zeros around the picture */
export function receptiveField({ layer, before }: Location, cell: Cell): Region | undefined {
  const { channel, row, column } = cell;
  const own: Extent = isMap(layer.output)
    ? { top: row, left: column, bottom: row, right: column }
    : { value: channel };
  const seen = before.reduceRight<Extent | undefined>(back, behind(layer, own));
  return seen && 'value' in seen ? undefined : seen;
}

const back = (extent: Extent | undefined, layer: PlacedLayer) => extent && behind(layer, extent);

/** The part of a layer's input that a part of its output depends on. */
function behind(layer: PlacedLayer, extent: Extent): Extent | undefined {
  switch (layer.type) {
    case 'conv':
    case 'maxPool':
    case 'averagePool': {
      const { kernel, stride, padding } = layer.window;
      const { top, left, bottom, right } = extent as Region;
      return within(layer.input, {
        top: top * stride - padding[0],
        left: left * stride - padding[1],
        bottom: bottom * stride - padding[0] + kernel[0] - 1,
        right: right * stride - padding[1] + kernel[1] - 1,
      });
    }
    case 'residual':
      return hull([layer.body, layer.shortcut].map((list) => list.reduceRight(back, extent)));
    case 'dense':
      return { value: 'all' };
    case 'globalAveragePool':
    case 'softArgmax':
      return whole(layer.input);
    case 'flatten': {
      const { value } = extent as { value: number | 'all' };
      const [, height, width] = layer.input;
      if (value === 'all') return whole(layer.input);
      const [row, column] = [Math.floor(value / width) % height, value % width];
      return { top: row, left: column, bottom: row, right: column };
    }
    default:
      return extent;
  }
}

function within([, height, width]: MapShape, { top, left, bottom, right }: Region): Region | undefined {
  const inside = {
    top: Math.max(0, top),
    left: Math.max(0, left),
    bottom: Math.min(height - 1, bottom),
    right: Math.min(width - 1, right),
  };
  return inside.top > inside.bottom || inside.left > inside.right ? undefined : inside;
}

function whole(shape: Shape): Region {
  const [, height, width] = shape as MapShape;
  return { top: 0, left: 0, bottom: height - 1, right: width - 1 };
}

function hull(extents: readonly (Extent | undefined)[]): Extent | undefined {
  const [one, other] = extents.filter((extent) => extent !== undefined);
  if (!one || !other || 'value' in one || 'value' in other) return one;
  return {
    top: Math.min(one.top, other.top),
    left: Math.min(one.left, other.left),
    bottom: Math.max(one.bottom, other.bottom),
    right: Math.max(one.right, other.right),
  };
}
