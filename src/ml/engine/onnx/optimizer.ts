/** Update rules, written into the graph for each parameter. */
import type { OptimizerConfig } from '../engine.ts';
import type { Graph, Value } from './graph.ts';

/** One optimizer: what it keeps for each parameter, what changes from step to step, and its rule. */
export interface UpdateRule {
  /** Names of the tensors kept beside each parameter, in its shape; all start at 0. */
  readonly slots: readonly string[];
  /** The graph's scalar inputs at a step, counted from 1. Their names do not depend on the step. */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
  /** @param decayed whether weight decay applies; @returns the new parameter and the new slots */
  update(
    graph: Graph,
    parameter: Value,
    gradient: Value,
    slots: readonly Value[],
    decayed: boolean,
  ): readonly [Value, readonly Value[]];
}

export function updateRule(config: OptimizerConfig): UpdateRule {
  return config.kind === 'sgd' ? sgd(config) : adam(config);
}

/** Nesterov momentum as in PyTorch and TensorFlow: v = momentum v + g; p -= rate (g + momentum v). Weight decay adds to g. */
function sgd({ momentum, weightDecay }: Extract<OptimizerConfig, { kind: 'sgd' }>): UpdateRule {
  return {
    slots: momentum === 0 ? [] : ['v'],
    scalars: (_step, learningRate) => ({ learningRate }),
    update(graph, parameter, raw, slots, decayed) {
      const gradient = decayed ? addScaled(graph, raw, parameter, weightDecay) : raw;
      const velocity = slots.map((slot) => addScaled(graph, gradient, slot, momentum));
      const ahead = velocity[0] ? addScaled(graph, gradient, velocity[0], momentum) : gradient;
      return [graph.op('Sub', [parameter, graph.op('Mul', [ahead, 'learningRate'])]), velocity];
    },
  };
}

/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019). To spare two passes over the parameters, the
 * slots are the moments divided by (1 - beta): m = beta1 m + g, v = beta2 v + g^2. What is left out, and the bias
 * correction, go into the scalars of the step.
 */
function adam(config: Extract<OptimizerConfig, { kind: 'adam' | 'adamw' }>): UpdateRule {
  const { kind, beta1, beta2, epsilon, weightDecay } = config;
  const decoupled = kind === 'adamw' && weightDecay > 0;
  return {
    slots: ['m', 'v'],
    scalars(step, learningRate) {
      // Corrected moments: m (1 - beta1) / (1 - beta1^step) and the square of v's root times `spread`.
      const spread = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      const scalars = {
        stepSize: (learningRate * (1 - beta1)) / (1 - beta1 ** step) / spread,
        epsilon: epsilon / spread,
      };
      return decoupled ? { ...scalars, keep: 1 - learningRate * weightDecay } : scalars;
    },
    update(graph, parameter, raw, [m, v], decayed) {
      const gradient = decayed && !decoupled ? addScaled(graph, raw, parameter, weightDecay) : raw;
      const first = addScaled(graph, gradient, m!, beta1);
      const second = addScaled(graph, graph.op('Mul', [gradient, gradient]), v!, beta2);
      const root = graph.op('Add', [graph.op('Sqrt', [second]), 'epsilon']);
      const change = graph.op('Mul', [graph.op('Div', [first, root]), 'stepSize']);
      const kept = decayed && decoupled ? graph.op('Mul', [parameter, 'keep']) : parameter;
      return [graph.op('Sub', [kept, change]), [first, second]];
    },
  };
}

/** a + factor * b */
function addScaled(graph: Graph, a: Value, b: Value, factor: number): Value {
  return factor === 0 ? a : graph.op('Add', [graph.op('Mul', [b, graph.scalar(factor)]), a]);
}
