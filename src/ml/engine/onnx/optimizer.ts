/** Update rules: what each keeps beside a parameter, and how a step changes it. */
import type { OptimizerConfig } from '../engine.ts';
import type { OptimizerKernels } from './optimizer-kernels.ts';

/** Parameters that lie one after the other in memory, and byte addresses of what belongs to them. */
interface ParameterRange {
  readonly count: number;
  readonly parameter: number;
  readonly gradient: number;
  /** One for each of the rule's slots. */
  readonly slots: readonly number[];
  /** Whether weight decay applies. */
  readonly decayed: boolean;
}

export interface UpdateRule {
  /** Names of the tensors kept beside each parameter, in its shape; all start at 0. */
  readonly slots: readonly string[];
  /** @param step counted from 1 */
  update(kernels: OptimizerKernels, range: ParameterRange, step: number, learningRate: number): void;
}

export function updateRule(config: OptimizerConfig): UpdateRule {
  return config.kind === 'sgd' ? sgd(config) : adam(config);
}

/** Nesterov momentum as in PyTorch and TensorFlow. Weight decay adds to the gradient. */
function sgd({ momentum, weightDecay }: Extract<OptimizerConfig, { kind: 'sgd' }>): UpdateRule {
  return {
    slots: ['v'],
    update(kernels, { parameter, gradient, slots, count, decayed }, _step, learningRate) {
      kernels.sgd(parameter, gradient, slots[0]!, count, momentum, learningRate, decayed ? weightDecay : 0);
    },
  };
}

/** Adam (Kingma and Ba 2015), whose weight decay adds to the gradient, and AdamW (Loshchilov and Hutter 2019). */
function adam(config: Extract<OptimizerConfig, { kind: 'adam' | 'adamw' }>): UpdateRule {
  const { kind, beta1, beta2, epsilon, weightDecay } = config;
  return {
    slots: ['m', 'v'],
    update(kernels, { parameter, gradient, slots, count, decayed }, step, learningRate) {
      // The corrections of both moments' bias go into the rate and epsilon.
      const spread = Math.sqrt(1 - beta2 ** step);
      const rate = (learningRate * spread) / (1 - beta1 ** step);
      const decay = decayed ? weightDecay : 0;
      const [l2, keep] = kind === 'adam' ? [decay, 1] : [0, 1 - learningRate * decay];
      const [m, v] = slots as [number, number];
      kernels.adam(parameter, gradient, m, v, count, beta1, beta2, rate, epsilon * spread, l2, keep);
    },
  };
}
