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
  /** A weight [in, out] as the blocks of rows that it is kept in. */
  rowBlocks(info: ParameterInfo): readonly RowBlock[];
  /** Adds a gradient (of a block of rows, where the weight is kept so) in the shape of the parameter. */
  addGradient(parameter: Value, gradient: Value): void;
  setRunningStatistic(info: ParameterInfo, value: Value): void;
  /** [batch, ...input]: 0 for a dropped value, else 1 / (1 - rate). */
  dropoutMask(layer: DropoutLayer): Value;
}

interface RowBlock {
  readonly value: Value;
  readonly rows: number;
}

/** A layer that has been written into the graph. */
export interface Recorded {
  readonly output: Value;
  /** Writes the gradients of the parameters, given that of the output, and returns that of the input. */
  backward(gradient: Value): Value;
}
