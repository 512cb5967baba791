/** Update rules: what each keeps beside a parameter, and how a step changes it. */
import type { OptimizerConfig } from '../engine.ts';
import type { Graph, Value } from './graph.ts';

interface UpdateRule {
  /** Names of the variables kept beside each parameter, in its shape; all start at 0. */
  readonly slots: readonly string[];
  /**
   * @param decayed whether weight decay applies
   * @returns the node that changes the parameter and its slots
   */
  update(parameter: Value, slots: readonly Value[], gradient: Value, decayed: boolean): Value;
  /** What the rule's inputs are in a step, counted from 1. */
  inputs(step: number, learningRate: number): Record<string, number>;
}

export function updateRule(graph: Graph, config: OptimizerConfig): UpdateRule {
  return config.kind === 'sgd' ? sgd(graph, config) : adam(graph, config);
}

/** Nesterov momentum as in PyTorch and TensorFlow. Weight decay adds to the gradient. */
function sgd(graph: Graph, { momentum, weightDecay }: Extract<OptimizerConfig, { kind: 'sgd' }>): UpdateRule {
  const rate = graph.input('rate', []);
  return {
    slots: ['v'],
    update(parameter, [v], gradient, decayed) {
      const along = decayed ? withDecay(graph, parameter, gradient, weightDecay) : gradient;
      const inputs = [parameter, v!, rate, along, graph.scalar(momentum)];
      return graph.op('ResourceApplyMomentum', inputs, { use_nesterov: true });
    },
    inputs: (_, learningRate) => ({ rate: learningRate }),
  };
}

/** Adam (Kingma and Ba 2015), whose weight decay adds to the gradient, and AdamW (Loshchilov and Hutter 2019). */
function adam(graph: Graph, config: Extract<OptimizerConfig, { kind: 'adam' | 'adamw' }>): UpdateRule {
  const { kind, beta1, beta2, epsilon, weightDecay } = config;
  const rate = graph.input('rate', []);
  const epsilonNow = graph.input('epsilon', []);
  const keep = graph.input('keep', []);
  return {
    slots: ['m', 'v'],
    update(parameter, [m, v], gradient, decayed) {
      const along =
        decayed && kind === 'adam' ? withDecay(graph, parameter, gradient, weightDecay) : gradient;
      // The operator's own correction of the moments' bias is left out: rate and epsilon have it.
      const corrections = [graph.scalar(0), graph.scalar(0)];
      const constants = [graph.scalar(beta1), graph.scalar(beta2), epsilonNow];
      const inputs = [parameter, m!, v!, ...corrections, rate, ...constants, along];
      if (!decayed || kind === 'adam' || weightDecay === 0) return graph.op('ResourceApplyAdam', inputs);
      const shrunk = graph.op('Mul', [graph.read(parameter), keep]);
      // Not before the network has read it.
      const assigned = graph.assign(parameter, shrunk, [gradient]);
      return graph.op('ResourceApplyAdam', inputs, {}, [assigned]);
    },
    inputs(step, learningRate) {
      const spread = Math.sqrt(1 - beta2 ** step);
      return {
        rate: (learningRate * spread) / (1 - beta1 ** step),
        epsilon: epsilon * spread,
        keep: 1 - learningRate * weightDecay,
      };
    },
  };
}

function withDecay(graph: Graph, parameter: Value, gradient: Value, weightDecay: number): Value {
  if (weightDecay === 0) return gradient;
  const pull = graph.op('Mul', [graph.read(parameter), graph.scalar(weightDecay)]);
  return graph.op('AddV2', [gradient, pull]);
}
