/** What names a run: with the same config, data and engine it gives the same weights. Stored as config.json. */
import type { EngineName } from '../engine/engine.ts';
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Recipe } from '../../domain/recipe.ts';

export interface RunConfig {
  /** Where spec and recipe come from; `custom` when they were given by hand. */
  readonly preset: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  /** `auto` takes the first engine that works here. */
  readonly engine: EngineName | 'auto';
  readonly seed: number;
  /** The snapshot's content hash. */
  readonly snapshot: string;
  readonly split: SplitChoice;
  /**
   * Wall-clock seconds that the run may take, evaluation and predictions included. The recipe's epochs then count for
   * nothing: the schedule is fitted to the time (pace.ts says how).
   */
  readonly timeLimit?: number;
  /** Threads of the engine; by default as many as the machine has cores. */
  readonly threads?: number;
}

/** Either a share of the images held out for validation, or fold `fold` (from 0) of `folds`. */
export type SplitChoice = { readonly validation: number } | { readonly fold: number; readonly folds: number };

export const defaultSplit: SplitChoice = { validation: 0.15 };
