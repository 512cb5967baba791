/** Layers with their place in a network: names, shapes and parameters known. */

/** [channels, height, width] */
export type MapShape = readonly [number, number, number];
/** A map or [values]. */
export type Shape = MapShape | readonly [number];

export interface ParameterInfo {
  readonly name: string;
  readonly shape: readonly number[];
  /** Only a `weight` is decayed; the two running statistics are not trained but follow the batches. */
  readonly role: 'weight' | 'bias' | 'scale' | 'shift' | 'bodyScale' | 'runningMean' | 'runningVariance';
}

/** How a convolution or pool moves over its input. */
export interface Window {
  /** [height, width] */
  readonly kernel: readonly [number, number];
  readonly stride: number;
  /** Zeros put around the input: [top, left, bottom, right]. */
  readonly padding: readonly [number, number, number, number];
}

interface Placed<Type extends string, Input extends Shape = Shape, Output extends Shape = Input> {
  readonly type: Type;
  /** `conv1`, `residual2.conv1`: counted by type within its list. The first part of its parameters' names. */
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
}
export interface ConvLayer extends Placed<'conv', MapShape> {
  readonly window: Window;
  readonly weight: ParameterInfo;
  readonly bias: ParameterInfo | undefined;
}
export interface PoolLayer extends Placed<'maxPool' | 'averagePool', MapShape> {
  readonly window: Window;
}
export interface BatchNormLayer extends Placed<'batchNorm'> {
  readonly momentum: number;
  readonly epsilon: number;
  readonly scale: ParameterInfo;
  readonly shift: ParameterInfo;
  readonly runningMean: ParameterInfo;
  readonly runningVariance: ParameterInfo;
}
export interface ResidualLayer extends Placed<'residual'> {
  readonly body: readonly PlacedLayer[];
  /** Empty where the input itself is added. */
  readonly shortcut: readonly PlacedLayer[];
  /** [1], absent where the body is added as it is. */
  readonly scale: ParameterInfo | undefined;
}
export interface DenseLayer extends Placed<'dense', readonly [number]> {
  readonly weight: ParameterInfo;
  readonly bias: ParameterInfo | undefined;
}
export interface DropoutLayer extends Placed<'dropout'> {
  readonly rate: number;
}
/** From the heat maps of all keypoints, one after the other, to x and y of each in half widths of the picture. */
export interface SoftArgmaxLayer extends Placed<'softArgmax', MapShape, readonly [number]> {
  /** Along each side of a cell of the input; the channels of a keypoint hold them row by row. */
  readonly cells: number;
}
export type PlacedLayer =
  | ConvLayer
  | PoolLayer
  | BatchNormLayer
  | ResidualLayer
  | DenseLayer
  | DropoutLayer
  | SoftArgmaxLayer
  | Placed<'relu'>
  | Placed<'flatten', MapShape, readonly [number]>
  | Placed<'globalAveragePool', MapShape, readonly [number]>;

/** Whether the optimizer changes it. */
export function isTrained({ role }: ParameterInfo): boolean {
  return role !== 'runningMean' && role !== 'runningVariance';
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function isMap(shape: Shape): shape is MapShape {
  return shape.length === 3;
}

/** In order; those of a residual block are the body's, the shortcut's and the scale. */
export function parametersOf(layer: PlacedLayer): ParameterInfo[] {
  switch (layer.type) {
    case 'conv':
    case 'dense':
      return layer.bias ? [layer.weight, layer.bias] : [layer.weight];
    case 'batchNorm':
      return [layer.scale, layer.shift, layer.runningMean, layer.runningVariance];
    case 'residual':
      return [
        ...layer.body.flatMap(parametersOf),
        ...layer.shortcut.flatMap(parametersOf),
        ...(layer.scale ? [layer.scale] : []),
      ];
    default:
      return [];
  }
}
