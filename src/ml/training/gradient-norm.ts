import type { OptimizerConfig, Parameters, Tensor } from '../engine/engine.ts';

/** What an engine tells of a training's state. */
interface State {
  readonly parameters: Parameters;
  readonly slots: Parameters;
}

/**
 * Length of the loss's gradient in one step, from the states before and after it: what the step has added to the
 * optimizer's first moment (`m`) or velocity (`v`) is its gradient, whatever engine computed it.
 */
export function gradientNorm(optimizer: OptimizerConfig, before: State, after: State): number {
  const [slot, kept, added] =
    optimizer.kind === 'sgd' ? ['v', optimizer.momentum, 1] : ['m', optimizer.beta1, 1 - optimizer.beta1];
  // AdamW takes the decay from the parameters, the others add it to the gradient.
  const decay = optimizer.kind === 'adamw' ? 0 : optimizer.weightDecay;
  let squares = 0;
  for (const [name, { shape, data: parameter }] of before.parameters) {
    const [old, now] = [before, after].map(({ slots }): Tensor | undefined => slots.get(`${name}/${slot}`));
    if (!old || !now) continue; // a running statistic
    const pull = shape.length > 1 ? decay : 0;
    for (let i = 0; i < parameter.length; i++) {
      const gradient = (now.data[i]! - kept * old.data[i]!) / added - pull * parameter[i]!;
      squares += gradient * gradient;
    }
  }
  return Math.sqrt(squares);
}
