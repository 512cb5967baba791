/** Losses over the values asked for. */
import type { LossConfig } from '../engine.ts';
import type { Graph, Value } from './graph.ts';

/**
 * Sums over the cells whose mask is 1, divided by `count`: how many of them the whole batch has, at least 1. Whatever the target holds elsewhere, NaN
 * too, is selected away, never multiplied by 0.
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
  const error = graph.op('Where', [asked, graph.op('Sub', [outputs, targets]), graph.scalar(0)]);
  const mean = (values: Value) => graph.op('Div', [graph.op('ReduceSum', [values], { keepdims: 0 }), count]);
  if (config.kind === 'mse')
    return {
      loss: mean(graph.op('Mul', [error, error])),
      gradient: graph.op('Div', [graph.op('Mul', [error, graph.scalar(2)]), count]),
    };
  if (config.kind === 'wing') {
    const { loss, slope } = wing(graph, config, error);
    return { loss: mean(loss), gradient: graph.op('Div', [slope, count]) };
  }
  // Huber (1964): e^2 / 2 within delta, delta * (|e| - delta / 2) beyond; both are c * (e - c / 2) with e clipped to c.
  const clipped = graph.op('Clip', [error, graph.scalar(-config.delta), graph.scalar(config.delta)]);
  const half = graph.op('Mul', [clipped, graph.scalar(0.5)]);
  return {
    loss: mean(graph.op('Mul', [clipped, graph.op('Sub', [error, half])])),
    gradient: graph.op('Div', [clipped, count]),
  };
}

/**
 * Of each error e, with width w and curvature c: w * ln(1 + |e| / c) within w, beyond it goes on with slope 1. At e = 0 the
 * slope is 0.
 */
function wing(graph: Graph, { width, curvature }: Extract<LossConfig, { kind: 'wing' }>, error: Value) {
  const scalar = (value: number) => graph.scalar(value);
  const size = graph.op('Abs', [error]);
  const near = graph.op('Min', [size, scalar(width)]);
  const bent = graph.op('Log', [graph.op('Add', [graph.op('Div', [near, scalar(curvature)]), scalar(1)])]);
  const beyond = graph.op('Sub', [size, near]);
  const isNear = graph.op('Less', [size, scalar(width)]);
  const steep = graph.op('Div', [scalar(width), graph.op('Add', [near, scalar(curvature)])]);
  const up = graph.op('Where', [isNear, steep, scalar(1)]);
  const falling = graph.op('Where', [graph.op('Less', [error, scalar(0)]), graph.op('Neg', [up]), scalar(0)]);
  return {
    loss: graph.op('Add', [graph.op('Mul', [bent, scalar(width)]), beyond]),
    slope: graph.op('Where', [graph.op('Greater', [error, scalar(0)]), up, falling]),
  };
}
