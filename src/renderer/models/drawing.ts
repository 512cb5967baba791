/** The network as a drawing from left to right: what stands there, how large, and what it costs. */
import { count } from '../frame/format.ts';
import type { NetworkLayer } from '../../contract/network.ts';

/** A block of the drawing, in CSS pixels: as high as the map, as deep as there are channels. */
export interface Block {
  readonly width: number;
  readonly height: number;
}

const highest = 56;
const deepest = 28;

/** @param side of the picture that goes in */
export function blockOf([channels, height]: readonly number[], side: number): Block {
  // Roots and logarithms: the last maps are a hundredth of the first, and are still to be seen.
  const depth = Math.min(deepest, 3 + 3 * Math.log2(channels!));
  if (height !== undefined)
    return { width: depth, height: Math.max(6, highest * Math.sqrt(Math.min(1, height / side))) };
  return { width: 6, height: Math.min(highest, 6 + 5 * Math.log2(channels!)) };
}

/** 32 × 48 × 48 */
export const shapeText = (shape: readonly number[]): string => shape.map(count).join(' × ');

/** 32 × 48²: for where there is little room. */
export function shortShape(shape: readonly number[]): string {
  const [channels, height, width] = shape;
  return height !== undefined && height === width ? `${channels} × ${height}²` : shapeText(shape);
}

/** 1.7 M */
export function short(value: number): string {
  if (value < 1000) return String(value);
  const [divisor, unit] = value < 999_500 ? [1e3, 'k'] : value < 999.5e6 ? [1e6, 'M'] : [1e9, 'G'];
  const number = value / divisor;
  return `${number.toFixed(number < 9.95 ? 1 : 0)} ${unit}`;
}

/** What a layer costs by itself: a block's cost is that of its layers. */
export function ownCost({ body, parameters, multiplyAdds }: NetworkLayer): {
  parameters: number;
  multiplyAdds: number;
} {
  const inside = body.map(ownAndInner);
  const sum = (key: 'parameters' | 'multiplyAdds') => inside.reduce((total, cost) => total + cost[key], 0);
  return {
    parameters: (parameters ?? 0) - sum('parameters'),
    multiplyAdds: (multiplyAdds ?? 0) - sum('multiplyAdds'),
  };
}

const ownAndInner = ({ parameters, multiplyAdds }: NetworkLayer) => ({
  parameters: parameters ?? 0,
  multiplyAdds: multiplyAdds ?? 0,
});

/** In the order of the drawing: a block's body stands before the block's own output. */
export function inOrder(layers: readonly NetworkLayer[]): NetworkLayer[] {
  return layers.flatMap((layer) => [...inOrder(layer.body), layer]);
}

/** What a person calls a layer, within its block: `max pool 1`. */
export function titleOf({ name }: Pick<NetworkLayer, 'name'>): string {
  const own = name.split('.').at(-1)!;
  if (isHeatMap(own)) return 'heat map';
  return own.replace(/^(\D+)(\d+)$/, (_, word: string, number: string) => `${words[word] ?? word} ${number}`);
}

/** A network has only one. */
export const isHeatMap = (name: string): boolean => name === 'heatMap1';

const words: Record<string, string> = {
  maxPool: 'max pool',
  averagePool: 'mean pool',
  batchNorm: 'batch norm',
  globalAveragePool: 'mean of maps',
};
