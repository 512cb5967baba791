import type { Parameters } from '../engine/engine.ts';
import type { Recipe } from './recipe.ts';

/**
 * Moves an exponential moving average of the weights towards `parameters`, in place; running statistics included.
 * Early on the average forgets faster, (1 + step) / (10 + step) a step, so that it does not hang on to the start.
 */
export function moveAverage(
  average: Parameters,
  parameters: Parameters,
  { decay, every }: NonNullable<Recipe['weightAverage']>,
  step: number,
): void {
  const kept = Math.min(decay, (1 + step) / (10 + step)) ** every;
  for (const [name, { data }] of parameters) {
    const mean = average.get(name)!.data;
    for (let i = 0; i < mean.length; i++) mean[i] = data[i]! + kept * (mean[i]! - data[i]!);
  }
}
