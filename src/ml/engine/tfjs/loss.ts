/** Losses over the values asked for. */
import type { LossConfig } from '../engine.ts';
import type { Graph, Value } from './graph.ts';

/**
 * Sums over the cells whose mask is 1, divided by `count`: how many of them there are, at least 1. Whatever the target
 * holds elsewhere, NaN too, is selected away, never multiplied by 0.
 * @returns the loss, a scalar, and its gradient in the shape of the outputs
 */
export function maskedLoss(
  graph: Graph,
  config: LossConfig,
  outputs: Value,
  targets: Value,
  mask: Value,
  count: Value,
): { loss: Value; gradient: Value } {
  const asked = graph.op('Greater', [mask, graph.scalar(0)]);
  const error = graph.op('SelectV2', [asked, graph.op('Sub', [outputs, targets]), graph.scalar(0)]);
  const mean = (values: Value) => graph.op('RealDiv', [graph.total(values, 2), count]);
  if (config.kind === 'mse')
    return {
      loss: mean(graph.op('Square', [error])),
      gradient: graph.op('RealDiv', [graph.op('Mul', [error, graph.scalar(2)]), count]),
    };
  // Huber (1964): e^2 / 2 within delta, delta * (|e| - delta / 2) beyond; both are c * (e - c / 2) with e clipped to c.
  const clipped = graph.op('ClipByValue', [error, graph.scalar(-config.delta), graph.scalar(config.delta)]);
  const half = graph.op('Mul', [clipped, graph.scalar(0.5)]);
  return {
    loss: mean(graph.op('Mul', [clipped, graph.op('Sub', [error, half])])),
    gradient: graph.op('RealDiv', [clipped, count]),
  };
}
