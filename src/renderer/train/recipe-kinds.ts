/** What the parts of a recipe are when another kind of them is chosen; what both kinds have stays. */
import type { Recipe } from '../../domain/recipe.ts';

type Optimizer = Recipe['optimizer'];
type Schedule = Recipe['schedule'];
type Loss = Recipe['loss'];

export const optimizerKinds = ['sgd', 'adam', 'adamw'] as const satisfies Optimizer['kind'][];
export const scheduleKinds = ['constant', 'step', 'cosine'] as const satisfies Schedule['kind'][];

/** AdamW takes its decay from the weights; the others add it to the gradient, where as much of it would be far too much. */
export function optimizerOf(kind: Optimizer['kind'], before: Optimizer): Optimizer {
  if (kind === before.kind) return before;
  const weightDecay = kind === 'adamw' ? 0.1 : before.kind === 'adamw' ? 0 : before.weightDecay;
  if (kind === 'sgd') return { kind, momentum: 0.9, weightDecay };
  const moments = before.kind === 'sgd' ? { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } : before;
  return { ...moments, kind, weightDecay };
}

export function scheduleOf(kind: Schedule['kind'], { rate }: Schedule): Schedule {
  if (kind === 'constant') return { kind, rate };
  return kind === 'step'
    ? { kind, rate, factor: 0.3, at: [0.5, 0.75] }
    : { kind, rate, warmUp: 0.02, floor: 0 };
}

export function lossOf(kind: Loss['kind']): Loss {
  if (kind === 'mse') return { kind };
  return kind === 'huber' ? { kind, delta: 1 } : { kind, width: 4, curvature: 1 };
}

/** Shares of the run as people write them: `50 75` are half and three quarters. @returns undefined for what is no such list */
export function readShares(text: string): number[] | undefined {
  const shares = text
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map((part) => Number(part) / 100);
  return shares.every((share) => share >= 0 && share <= 1) ? shares : undefined;
}

export const writeShares = (shares: readonly number[]): string =>
  shares.map((share) => Number((100 * share).toFixed(2))).join(' ');
