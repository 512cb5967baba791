/** How one value of a layer comes about, number by number. */
import type { Parameters } from '../engine/engine.ts';
import { cellPlaces } from '../network/cell-places.ts';
import {
  isMap,
  type MapShape,
  type ParameterInfo,
  type PlacedLayer,
  type SoftArgmaxLayer,
  type Window,
} from '../network/placed.ts';
import { INPUT, type Location } from './locate.ts';
import type { Cell } from './receptive-field.ts';

/** A part of a layer's input, [channels, height, width]; zeros where it reaches beyond the map. */
interface Patch {
  readonly shape: MapShape;
  /** Row and column in the input of the patch's first cell. */
  readonly origin: readonly [number, number];
  readonly values: Float32Array;
}

export type Arithmetic =
  /** Sum of inputs x weights, plus the bias: convolutions and dense layers. Weights in the patch's shape. */
  | {
      readonly kind: 'weighted';
      readonly patch: Patch;
      readonly weights: Float32Array;
      readonly bias: number;
    }
  | { readonly kind: 'max' | 'mean'; readonly patch: Patch }
  /** Sum of shares x places: the cells of a keypoint's heat map, whose shares are 1 together. Places in the patch's shape. */
  | { readonly kind: 'meanPlace'; readonly patch: Patch; readonly weights: Float32Array }
  /** max(0, input) */
  | { readonly kind: 'relu'; readonly input: number }
  /** (input - mean) / sqrt(variance + epsilon) * scale + shift */
  | {
      readonly kind: 'batchNorm';
      readonly input: number;
      readonly mean: number;
      readonly variance: number;
      readonly epsilon: number;
      readonly scale: number;
      readonly shift: number;
    }
  /** shortcut + scale * body */
  | { readonly kind: 'residual'; readonly shortcut: number; readonly scale: number; readonly body: number }
  /** What goes in comes out: flatten, and dropout in a network in use. */
  | { readonly kind: 'same'; readonly input: number };

/**
 * @param values of one picture by layer, as Observer gives them; the picture itself as `input`
 * @param cell within the layer's output
 */
export function arithmeticOf(
  { layer, before }: Location,
  cell: Cell,
  values: ReadonlyMap<string, Float32Array>,
  parameters: Parameters,
): Arithmetic {
  const inputName = before.at(-1)?.name ?? INPUT;
  const input = values.get(inputName)!;
  const at = indexOf(layer, cell);
  const number = (info: ParameterInfo | undefined, place: number, otherwise: number) =>
    info ? parameters.get(info.name)!.data[place]! : otherwise;
  switch (layer.type) {
    case 'conv': {
      const patch = patchOf(input, layer.input, layer.window, cell);
      const size = patch.values.length;
      return {
        kind: 'weighted',
        patch,
        weights: parameters
          .get(layer.weight.name)!
          .data.slice(cell.channel * size, (cell.channel + 1) * size),
        bias: number(layer.bias, cell.channel, 0),
      };
    }
    case 'dense': {
      const [units] = layer.output;
      const all = parameters.get(layer.weight.name)!.data;
      return {
        kind: 'weighted',
        patch: { shape: shapeBehind(before, layer.input[0]), origin: [0, 0], values: input.slice() },
        weights: Float32Array.from(input, (_, i) => all[i * units + cell.channel]!),
        bias: number(layer.bias, cell.channel, 0),
      };
    }
    case 'maxPool':
    case 'averagePool': {
      const [, height, width] = layer.input;
      const map = input.subarray(cell.channel * height * width, (cell.channel + 1) * height * width);
      const patch = patchOf(map, [1, height, width], layer.window, cell);
      return { kind: layer.type === 'maxPool' ? 'max' : 'mean', patch };
    }
    case 'globalAveragePool': {
      const [, height, width] = layer.input;
      const own = input.slice(cell.channel * height * width, (cell.channel + 1) * height * width);
      return { kind: 'mean', patch: { shape: [1, height, width], origin: [0, 0], values: own } };
    }
    case 'batchNorm':
      return {
        kind: 'batchNorm',
        input: input[at]!,
        mean: number(layer.runningMean, cell.channel, 0),
        variance: number(layer.runningVariance, cell.channel, 1),
        epsilon: layer.epsilon,
        scale: number(layer.scale, cell.channel, 1),
        shift: number(layer.shift, cell.channel, 0),
      };
    case 'residual':
      return {
        kind: 'residual',
        shortcut: values.get(layer.shortcut.at(-1)?.name ?? inputName)![at]!,
        scale: number(layer.scale, 0, 1),
        body: values.get(layer.body.at(-1)?.name ?? inputName)![at]!,
      };
    case 'softArgmax':
      return meanPlace(layer, input, cell.channel);
    case 'relu':
      return { kind: 'relu', input: input[at]! };
    case 'flatten':
    case 'dropout':
      return { kind: 'same', input: input[at]! };
  }
}

/** @param output two for each keypoint: x, y */
function meanPlace(layer: SoftArgmaxLayer, input: Float32Array, output: number): Arithmetic {
  const { cells } = layer;
  const [, height, width] = layer.input;
  const count = cells * cells * height * width;
  const keypoint = Math.floor(output / 2);
  const values = input.subarray(keypoint * count, (keypoint + 1) * count);
  const largest = values.reduce((most, value) => Math.max(most, value));
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  const places = cellPlaces(layer);
  const [rows, columns] = [height * cells, width * cells];
  const [shares, weights] = [new Float32Array(count), new Float32Array(count)];
  for (let at = 0; at < count; at++) {
    const inner = at % (height * width);
    const part = (at - inner) / (height * width);
    const row = Math.floor(inner / width) * cells + Math.floor(part / cells);
    const column = (inner % width) * cells + (part % cells);
    shares[row * columns + column] = powers[at]! / sum;
    weights[row * columns + column] = places[2 * at + (output % 2)]!;
  }
  return { kind: 'meanPlace', patch: { shape: [1, rows, columns], origin: [0, 0], values: shares }, weights };
}

/** Where a cell's value stands among its layer's. */
function indexOf({ output }: PlacedLayer, { channel, row, column }: Cell): number {
  return isMap(output) ? (channel * output[1] + row) * output[2] + column : channel;
}

/** A flattened map is shown as the map that it was. */
export function shapeBehind(before: readonly PlacedLayer[], values: number): MapShape {
  const moved = before.findLast(({ type }) => type !== 'dropout' && type !== 'relu' && type !== 'batchNorm');
  return moved?.type === 'flatten' ? moved.input : [values, 1, 1];
}

function patchOf(
  input: Float32Array,
  [channels, height, width]: MapShape,
  { kernel, stride, padding }: Window,
  { row, column }: Cell,
): Patch {
  const [top, left] = [row * stride - padding[0], column * stride - padding[1]];
  const values = new Float32Array(channels * kernel[0] * kernel[1]);
  let at = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let y = top; y < top + kernel[0]; y++)
      for (let x = left; x < left + kernel[1]; x++, at++)
        if (y >= 0 && y < height && x >= 0 && x < width)
          values[at] = input[(channel * height + y) * width + x]!;
  return { shape: [channels, ...kernel], origin: [top, left], values };
}
