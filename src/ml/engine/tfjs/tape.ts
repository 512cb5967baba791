/** What layers share while they write themselves into a graph. Maps are [batch, height, width, channels], lists [batch, values]. */
import type { DropoutLayer, ParameterInfo } from '../../network/placed.ts';
import type { Graph, Value } from './graph.ts';

/** Where a layer finds its parameters and leaves its gradients. */
export interface Tape {
  readonly graph: Graph;
  /** Samples of a step; undefined in use, where batch norm goes by its running statistics and dropout does nothing. */
  readonly trainedAtOnce: number | undefined;
  parameter(info: ParameterInfo): Value;
  addGradient(info: ParameterInfo, gradient: Value): void;
  setRunningStatistic(info: ParameterInfo, value: Value): void;
  /** In the shape of the layer's input: 0 for a dropped value, else 1 / (1 - rate). */
  dropoutMask(layer: DropoutLayer): Value;
}

/** A layer that has been written into the graph. */
export interface Recorded {
  readonly output: Value;
  /** Writes the gradients of the parameters, given that of the output, and returns that of the input. */
  backward(gradient: Value): Value;
}
