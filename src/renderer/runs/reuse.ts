/** What a run's config says to the next training. */
import type { StartInput } from '../../contract/runs.ts';
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Recipe } from '../../domain/recipe.ts';
import type { Draft } from '../train/draft.ts';

/** The part of a training's config that can be asked for again; an ensemble has none. */
export interface Reusable {
  /** `custom` for a network that was given by hand. */
  readonly preset: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly rows: NonNullable<StartInput['rows']>;
  readonly split: NonNullable<StartInput['split']>;
  readonly timeLimit?: number;
}

/** The same network, recipe, rows, split and seed, trained from scratch on the labels as they are then. */
export function draftOf(config: Reusable): Omit<Draft, 'engine'> {
  const { preset, spec, recipe, rows, split, seed, timeLimit = null } = config;
  const isCustom = preset === 'custom';
  return {
    ...{ preset: isCustom ? 'default' : preset, spec: isCustom ? spec : null },
    // What the filter asks for now: its images then are in the config too.
    rows: rows.kind === 'filter' ? { kind: 'filter', filter: rows.filter } : rows,
    ...{ recipe, split, seed, timeLimit, from: null },
  };
}
