/** What layers share while they write themselves into a graph. */
import type { DropoutLayer, MapShape, ParameterInfo, PlacedLayer } from '../../network/placed.ts';
import type { Arrangement } from './arrangement.ts';
import type { Graph, Value } from './graph.ts';
import type { Provider } from './session-options.ts';

/** How a dense weight [in, out] lies whose gradient all replicas make together: as [out, in], or for products in blocks. */
export type JointForm = 'rows' | 'blocks';

/** Where a layer finds its parameters and leaves its gradients. */
export interface Tape {
  readonly graph: Graph;
  /** Samples that pass through the layer at once. */
  readonly batch: number;
  /** Else batch norm uses its running statistics and dropout does nothing. */
  readonly training: boolean;
  readonly provider: Provider;
  /** Channels that lie side by side where maps are kept in blocks; undefined where none is. */
  readonly block: number | undefined;
  /** Which maps in blocks are kept in columns. */
  inColumns(shape: MapShape): boolean;
  /** The pictures that go into the network: nobody asks for their gradient. */
  readonly picture: Value;
  /** @param arrangement how it lies in memory, if not in the order of its shape */
  parameter(info: ParameterInfo, arrangement?: Arrangement): Value;
  /** Of a dense weight whose gradient is left to a product over the whole batch. */
  jointForm(info: ParameterInfo): JointForm | undefined;
  /** A value that follows from parameters alone, and so is the same for all parts of the batch. */
  once(key: string, write: () => Value): Value;
  /** Says that each channel of a gradient adds up to the same as that channel of a smaller one, [batch, ...shape]. */
  readonly sums: Map<Value, { readonly smaller: Value; readonly shape: MapShape }>;
  /** Says that a gradient has each cell of a smaller one size x size times. */
  readonly enlarged: Map<Value, { readonly smaller: Value; readonly size: number }>;
  /** Adds a gradient in the shape of the parameter. */
  addGradient(parameter: Value, gradient: Value): void;
  /** Like addGradient, for the product of inputs [batch, in], turned, and gradients [batch, out]. */
  addProduct(parameter: ParameterInfo, inputs: Value, gradients: Value): void;
  /**
   * Like addGradient, where the layer itself adds a part of the batch to what the parts before it come to.
   * @param add is called when all parts are written, and should write nothing but the sum
   * @param finish is given the total and returns it in the shape and arrangement of the parameter
   */
  accumulate(
    parameter: Value,
    add: (soFar: Value | undefined) => Value,
    finish: (total: Value) => Value,
  ): void;
  /** Like addGradient, where `finish` makes the gradient of what it is given: the parts of all the batch, one after the other. */
  gather(parameter: Value, part: Value, finish: (parts: Value) => Value): void;
  setRunningStatistic(info: ParameterInfo, value: Value): void;
  /** [batch, ...input]: 0 for a dropped value, else 1 / (1 - rate). */
  dropoutMask(layer: DropoutLayer): Value;
  /** Told what each layer comes to, those inside residual blocks too. */
  readonly watch?: (layer: PlacedLayer, output: Value) => void;
}

/** A layer that has been written into the graph. */
export interface Recorded {
  readonly output: Value;
  /** Writes the gradients of the parameters, given that of the output, and returns that of the input ('' for pictures). */
  backward(gradient: Value): Value;
  /** As backward, with what comes to the input's gradient by another way added; there where that saves a pass over it. */
  readonly backwardOnto?: (gradient: Value, more: Value) => Value;
}

/** The first layers of a list, `length` of them, written as one. */
export interface RecordedTogether {
  readonly recorded: Recorded;
  readonly length: number;
}
