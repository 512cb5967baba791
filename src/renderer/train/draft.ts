/** What will be trained next, as a person puts it together. */
import type { StartInput } from '../../contract/runs.ts';
import type { NetworkSpec } from '../../domain/network-spec.ts';
import type { Recipe } from '../../domain/recipe.ts';

export interface Draft {
  /** A preset's name; with `spec` the one that it was made from. */
  readonly preset: string;
  /** A network in place of the preset's. */
  readonly spec: NetworkSpec | null;
  /** The fields that differ from the preset's recipe, or from that of the run that it starts from. */
  readonly recipe: Partial<Recipe>;
  readonly rows: NonNullable<StartInput['rows']>;
  readonly split: NonNullable<StartInput['split']>;
  readonly seed: number;
  /** Seconds for the whole run; the recipe's epochs then count for nothing. */
  readonly timeLimit: number | null;
  readonly engine: NonNullable<StartInput['engine']>;
  /** The run whose parameters, network and recipe it starts from: those of its best epoch, or of a kept one. */
  readonly from: { readonly run: number; readonly epoch: number | null } | null;
}

export const freshDraft: Draft = {
  preset: 'default',
  spec: null,
  recipe: {},
  rows: { kind: 'all' },
  split: { validation: 0.15, seed: 1 },
  seed: 1,
  timeLimit: null,
  engine: 'auto',
  from: null,
};

/** What the service is asked for. A run that starts from another one has that one's network. */
export function startInput({ preset, spec, recipe, timeLimit, from, ...rest }: Draft): StartInput {
  return {
    ...rest,
    ...(from ? {} : spec ? { spec } : { preset }),
    ...(Object.keys(recipe).length > 0 ? { recipe } : {}),
    ...(timeLimit === null ? {} : { timeLimit }),
    ...(from ? { from: { run: from.run, ...(from.epoch === null ? {} : { epoch: from.epoch }) } } : {}),
  };
}
