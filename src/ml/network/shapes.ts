/** What a network spec comes to on pictures of a given size: every default filled in, every shape and parameter known. */
import { InputProblem } from '../../domain/problem.ts';
import {
  isMap,
  isTrained,
  parametersOf,
  sizeOf,
  type ConvLayer,
  type DenseLayer,
  type MapShape,
  type ParameterInfo,
  type PlacedLayer,
  type PoolLayer,
  type Shape,
  type Window,
} from './placed.ts';
import type { Layer, NetworkSpec } from '../../domain/network-spec.ts';

export interface NetworkShape {
  /** In order, the output layer last. */
  readonly layers: readonly PlacedLayer[];
  /** In the order of the network. */
  readonly parameters: readonly ParameterInfo[];
  /** Numbers that training learns. */
  readonly parameterCount: number;
  /** Of one picture's forward pass. */
  readonly multiplyAdds: number;
  /** Pixels of the input, [height, width], that one cell of the last map depends on. */
  readonly receptiveField: readonly [number, number];
}

/**
 * @param input the pictures, one channel
 * @param outputs units of the output layer
 * @throws InputProblem that names the layer which does not fit what it is given
 */
export function shapeNetwork(
  spec: NetworkSpec,
  input: { readonly width: number; readonly height: number },
  outputs: number,
): NetworkShape {
  const layers = place(spec.layers, [1, input.height, input.width], outputs, '', '');
  layers.push(
    placeOutput(spec.layers.at(-1), layers.at(-1)?.output ?? [1, input.height, input.width], outputs),
  );
  const parameters = layers.flatMap(parametersOf);
  return {
    layers,
    parameters,
    parameterCount: sum(parameters.filter(isTrained).map(({ shape }) => sizeOf(shape))),
    multiplyAdds: sum(layers.map(multiplyAddsOf)),
    receptiveField: receptiveFieldOf(layers),
  };
}

/**
 * @param listed the last layer of the list
 * @param last what the list comes to
 * @throws InputProblem when the network ends with a map that is no heat map
 */
export function placeOutput(listed: Layer | undefined, last: Shape, outputs: number): PlacedLayer {
  if (!isMap(last)) return placeDense('output', last, outputs, true);
  if (listed?.type === 'heatMap')
    return { type: 'softArgmax', name: 'output', input: last, output: [outputs], cells: listed.cells };
  throw new InputProblem(
    `network: ends with a map of ${describe(last)}, but the output layer needs a list of values; end with flatten, globalAveragePool or heatMap`,
  );
}

/** @param path of the list in the network, for people ("4." in the body of the fourth layer); `prefix` the same for names */
function place(
  list: readonly Layer[],
  input: Shape,
  outputs: number,
  path: string,
  prefix: string,
): PlacedLayer[] {
  const placed: PlacedLayer[] = [];
  for (const { layer, name, where } of named(list, path, prefix))
    placed.push(placeLayer(layer, name, placed.at(-1)?.output ?? input, outputs, where));
  return placed;
}

/** Each layer with its name, counted by type within the list, and its number as people count: `4.2`. */
export function named<T extends { readonly type: string }>(list: readonly T[], path: string, prefix: string) {
  const counts = new Map<string, number>();
  return list.map((layer, index) => {
    const number = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, number);
    return { layer, name: `${prefix}${layer.type}${number}`, where: `${path}${index + 1}` };
  });
}

/**
 * @param outputs of the network: two for each keypoint
 * @throws InputProblem when the layer does not fit what it is given
 */
export function placeLayer(
  layer: Layer,
  name: string,
  input: Shape,
  outputs: number,
  where: string,
): PlacedLayer {
  const problem = (message: string) => new InputProblem(`layer ${where} (${layer.type}): ${message}`);
  const map = (): MapShape => {
    if (isMap(input)) return input;
    throw problem(`needs a map, but is given a list of ${input[0]} values`);
  };
  const list = (): readonly [number] => {
    if (!isMap(input)) return input;
    throw problem(
      `needs a list of values, but is given a map of ${describe(input)}; put flatten or globalAveragePool before it`,
    );
  };
  switch (layer.type) {
    case 'conv': {
      const kernel =
        typeof layer.kernel === 'number' ? ([layer.kernel, layer.kernel] as const) : layer.kernel;
      return placeConv(
        name,
        map(),
        layer.filters,
        kernel,
        layer.stride ?? 1,
        layer.padding ?? 'valid',
        layer.bias ?? true,
        problem,
      );
    }
    case 'maxPool':
    case 'averagePool': {
      const kernel = [layer.size, layer.size] as const;
      const window = { kernel, stride: layer.stride ?? layer.size, padding: [0, 0, 0, 0] } as const;
      return {
        type: layer.type,
        name,
        input: map(),
        output: slide(map(), map()[0], window, problem),
        window,
      };
    }
    case 'batchNorm': {
      const parameter = (field: string, role: ParameterInfo['role']) => ({
        name: `${name}.${field}`,
        shape: [input[0]],
        role,
      });
      return {
        type: 'batchNorm',
        name,
        input,
        output: input,
        momentum: layer.momentum ?? 0.9,
        epsilon: layer.epsilon ?? 1e-5,
        scale: parameter('scale', 'scale'),
        shift: parameter('shift', 'shift'),
        runningMean: parameter('runningMean', 'runningMean'),
        runningVariance: parameter('runningVariance', 'runningVariance'),
      };
    }
    case 'residual': {
      const body = place(layer.body, input, outputs, `${where}.`, `${name}.`);
      const output = body.at(-1)?.output ?? input;
      const scale: ParameterInfo | undefined = layer.scale
        ? { name: `${name}.scale`, shape: [1], role: 'bodyScale' }
        : undefined;
      return {
        type: 'residual',
        name,
        input,
        output,
        body,
        shortcut: placeShortcut(name, input, output, body, problem),
        scale,
      };
    }
    case 'flatten':
      return { type: 'flatten', name, input: map(), output: [sizeOf(map())] };
    case 'globalAveragePool':
      return { type: 'globalAveragePool', name, input: map(), output: [map()[0]] };
    case 'dense':
      return placeDense(name, list(), layer.units, layer.bias ?? true);
    case 'dropout':
      return { type: 'dropout', name, input, output: input, rate: layer.rate };
    case 'relu':
      return { type: 'relu', name, input, output: input };
    case 'heatMap': {
      const filters = (outputs / 2) * layer.cells ** 2;
      return placeConv(name, map(), filters, [1, 1], 1, 'valid', true, problem);
    }
  }
}

function placeConv(
  name: string,
  input: MapShape,
  filters: number,
  kernel: readonly [number, number],
  stride: number,
  padding: 'valid' | 'same' | number,
  bias: boolean,
  problem: (message: string) => InputProblem,
): ConvLayer {
  const [channels, height, width] = input;
  /** [before, after] of one direction, as in TensorFlow: enough for ceil(side / stride) windows, the odd one after. */
  const around = (side: number, length: number): [number, number] => {
    if (typeof padding === 'number') return [padding, padding];
    if (padding === 'valid') return [0, 0];
    const total = Math.max((Math.ceil(side / stride) - 1) * stride + length - side, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  const [top, bottom] = around(height, kernel[0]);
  const [left, right] = around(width, kernel[1]);
  const window: Window = { kernel, stride, padding: [top, left, bottom, right] };
  return {
    type: 'conv',
    name,
    input,
    output: slide(input, filters, window, problem),
    window,
    weight: { name: `${name}.weight`, shape: [filters, channels, ...kernel], role: 'weight' },
    bias: bias ? { name: `${name}.bias`, shape: [filters], role: 'bias' } : undefined,
  };
}

function placeDense(name: string, input: readonly [number], units: number, bias: boolean): DenseLayer {
  return {
    type: 'dense',
    name,
    input,
    output: [units],
    weight: { name: `${name}.weight`, shape: [input[0], units], role: 'weight' },
    bias: bias ? { name: `${name}.bias`, shape: [units], role: 'bias' } : undefined,
  };
}

/**
 * What makes the input of a residual body fit its output: the mean of each stride x stride cells (zeros below and to the
 * right where they do not come out even), then a 1x1 convolution where the channels differ.
 */
function placeShortcut(
  name: string,
  input: Shape,
  output: Shape,
  body: readonly PlacedLayer[],
  problem: (message: string) => InputProblem,
): PlacedLayer[] {
  if (describe(input) === describe(output)) return [];
  const misfit = (reason: string) =>
    problem(`the body turns ${describe(input)} into ${describe(output)}, ${reason}`);
  if (!isMap(input) || !isMap(output)) throw misfit('which cannot be added');
  const shortcut: (PoolLayer | ConvLayer)[] = [];
  const stride = body.reduce((product, layer) => product * strideOf(layer), 1);
  if (stride > 1) {
    const [below, right] = [input[1], input[2]].map((side) => Math.ceil(side / stride) * stride - side);
    const window: Window = { kernel: [stride, stride], stride, padding: [0, 0, below!, right!] };
    const pooled = slide(input, input[0], window, problem);
    shortcut.push({ type: 'averagePool', name: `${name}.shortcutPool`, input, output: pooled, window });
  }
  const shrunk = shortcut[0]?.output ?? input;
  if (input[0] !== output[0])
    shortcut.push(placeConv(`${name}.shortcut`, shrunk, output[0], [1, 1], 1, 'valid', true, problem));
  const made = shortcut.at(-1)?.output ?? input;
  if (describe(made) !== describe(output))
    throw misfit(
      `but a shortcut of stride ${stride} gives ${describe(made)}; use padding "same" in the body`,
    );
  return shortcut;
}

function slide(
  [, height, width]: MapShape,
  filters: number,
  { kernel, stride, padding: [top, left, bottom, right] }: Window,
  problem: (message: string) => InputProblem,
): MapShape {
  const [paddedHeight, paddedWidth] = [height + top + bottom, width + left + right];
  if (kernel[0] > paddedHeight || kernel[1] > paddedWidth)
    throw problem(`a ${kernel[0]}x${kernel[1]} kernel does not fit in a ${paddedHeight}x${paddedWidth} map`);
  return [
    filters,
    Math.floor((paddedHeight - kernel[0]) / stride) + 1,
    Math.floor((paddedWidth - kernel[1]) / stride) + 1,
  ];
}

function strideOf(layer: PlacedLayer): number {
  if (layer.type === 'residual') return layer.body.reduce((product, inner) => product * strideOf(inner), 1);
  return 'window' in layer ? layer.window.stride : 1;
}

export function multiplyAddsOf(layer: PlacedLayer): number {
  switch (layer.type) {
    case 'conv':
      return sizeOf(layer.weight.shape) * layer.output[1] * layer.output[2];
    case 'dense':
      return sizeOf(layer.weight.shape);
    case 'residual':
      return sum([...layer.body, ...layer.shortcut].map(multiplyAddsOf));
    default:
      return 0;
  }
}

function receptiveFieldOf(layers: readonly PlacedLayer[]): [number, number] {
  const { height, width } = layers.reduce(widened, onePixel);
  return [height, width];
}

/** Pixels of the input that one cell of a map depends on, and how far apart the fields of two neighbouring cells are. */
export interface Field {
  readonly height: number;
  readonly width: number;
  readonly step: number;
}

export const onePixel: Field = { height: 1, width: 1, step: 1 };

/** The field behind a layer: every window widens it by (kernel - 1) times the product of the strides before it. */
export function widened(field: Field, layer: PlacedLayer): Field {
  if (layer.type === 'residual') return layer.body.reduce(widened, field);
  if (!('window' in layer)) return field;
  const { kernel, stride } = layer.window;
  return {
    height: field.height + (kernel[0] - 1) * field.step,
    width: field.width + (kernel[1] - 1) * field.step,
    step: field.step * stride,
  };
}

/** "32x47x47" */
function describe(shape: Shape): string {
  return shape.join('x');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
