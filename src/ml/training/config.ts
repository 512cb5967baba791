/** What names a run: with the same config, data and engine it gives the same weights. Stored as config.json. */
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Recipe } from '../../domain/recipe.ts';
import type { EngineName } from '../engine/engine.ts';

export interface RunConfig {
  /** Where spec and recipe come from; `custom` when the network was given by hand. */
  readonly preset: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  /** `auto` takes the first engine that works here. */
  readonly engine: EngineName | 'auto';
  /** Of everything that is drawn, except the split. */
  readonly seed: number;
  /** The snapshot's content hash. */
  readonly snapshot: string;
  /** The images to learn from, among those that the split doesn't hold out. */
  readonly rows: RowChoice;
  readonly split: SplitChoice;
  /** The run whose parameters this one starts from; they lie in its folder (checkpoints.ts), that run may be gone. */
  readonly start?: { readonly run: number; readonly epoch: number };
  /**
   * Wall-clock seconds that the run may take, evaluation and predictions included. The recipe's epochs then count for
   * nothing: the schedule is fitted to the time (pace.ts says how).
   */
  readonly timeLimit?: number;
  /** Threads of the engine; by default as many as the machine has cores. */
  readonly threads?: number;
}

/** What names an ensemble: finished runs whose places are averaged. */
export interface EnsembleConfig {
  readonly preset: 'ensemble';
  /** The run whose snapshot is the latest comes first: its labels are what the ensemble is judged by. */
  readonly members: readonly number[];
  readonly snapshot: string;
}

/** What stands in the config of a run. */
export type AnyConfig = RunConfig | EnsembleConfig;

export function isEnsemble(config: AnyConfig): config is EnsembleConfig {
  return 'members' in config;
}

/** A missing keypoint adds nothing to the loss, so `all` rows can take part; `complete` ones miss no keypoint. */
export type RowChoice =
  | { readonly kind: 'all' }
  | { readonly kind: 'complete' }
  /** What a filter asked for when the run was started. */
  | { readonly kind: 'filter'; readonly filter: object; readonly images: readonly number[] };

/**
 * Either a share of the images held out for validation, or fold `fold` (from 0) of `folds`. Its seed is its own, so that
 * runs with different seeds are judged on the same images.
 */
export type SplitChoice = (
  { readonly validation: number } | { readonly fold: number; readonly folds: number }
) & { readonly seed: number };

export const defaultSplit: SplitChoice = { validation: 0.15, seed: 1 };
