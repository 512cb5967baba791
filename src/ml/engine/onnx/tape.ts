/** What layers share while they write themselves into a graph. */
import type { DropoutLayer, ParameterInfo } from '../../network/placed.ts';
import type { Graph, Value } from './graph.ts';

/** Where a layer finds its parameters and leaves its gradients. */
export interface Tape {
  readonly graph: Graph;
  /** Samples that pass through the layer at once. */
  readonly batch: number;
  /** Else batch norm uses its running statistics and dropout does nothing. */
  readonly training: boolean;
  parameter(info: ParameterInfo): Value;
  /** Says that each channel of a gradient adds up to the same as that channel of a smaller one. */
  readonly sums: Map<Value, Value>;
  /** Adds a gradient in the shape of the parameter. */
  addGradient(parameter: Value, gradient: Value): void;
  setRunningStatistic(info: ParameterInfo, value: Value): void;
  /** [batch, ...input]: 0 for a dropped value, else 1 / (1 - rate). */
  dropoutMask(layer: DropoutLayer): Value;
}

/** A layer that has been written into the graph. */
export interface Recorded {
  readonly output: Value;
  /** Writes the gradients of the parameters, given that of the output, and returns that of the input. */
  backward(gradient: Value): Value;
}
