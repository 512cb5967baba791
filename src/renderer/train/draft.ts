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
  /** Networks with other seeds that are averaged; 1 for a single one. A time limit is that of all. */
  readonly ensemble: number;
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
  ensemble: 1,
  engine: 'auto',
  from: null,
};

/** What the service is asked for: the preset's recipe is what is changed, and its network unless there is another. A run that starts from another one has that one's. */
export function startInput({ preset, spec, recipe, timeLimit, ensemble, from, ...rest }: Draft): StartInput {
  return {
    ...rest,
    ...(from ? {} : { preset, ...(spec ? { spec } : {}) }),
    ...(Object.keys(recipe).length > 0 ? { recipe } : {}),
    ...(timeLimit === null ? {} : { timeLimit }),
    ...(ensemble > 1 ? { ensemble } : {}),
    ...(from ? { from: { run: from.run, ...(from.epoch === null ? {} : { epoch: from.epoch }) } } : {}),
  };
}

/** A network by name with its recipe, as network.presets gives it. */
export interface Preset {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
}

/** The config of a run, as runs.get gives it; what it freezes of the workspace left out. */
export interface RunSetup {
  readonly preset: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  readonly engine: Draft['engine'];
  readonly seed: number;
  readonly rows: Draft['rows'];
  readonly split: Draft['split'];
  readonly timeLimit?: number;
}

/** What a draft comes to: the whole network, the whole recipe, and what the recipe would be without changes. */
export interface Planned {
  /** A preset's name, or `custom`. */
  readonly network: string;
  readonly spec: NetworkSpec;
  readonly recipe: Recipe;
  readonly base: Recipe;
}

/** @param start of the run that the draft starts from */
export function plan(draft: Draft, presets: readonly Preset[], start?: RunSetup): Planned | undefined {
  const preset = presets.find(({ name }) => name === draft.preset) ?? presets[0];
  const base = draft.from ? start?.recipe : preset?.recipe;
  if (!base || !preset) return undefined;
  const recipe = { ...base, ...draft.recipe };
  if (draft.from && start) return { network: start.preset, spec: start.spec, recipe, base };
  return draft.spec
    ? { network: 'custom', spec: draft.spec, recipe, base }
    : { network: preset.name, spec: preset.spec, recipe, base };
}

/** A draft that would train the same again. */
export function draftOf({ preset, spec, recipe, engine, seed, rows, split, timeLimit }: RunSetup): Draft {
  const isCustom = preset === 'custom';
  return {
    preset: isCustom ? freshDraft.preset : preset,
    spec: isCustom ? spec : null,
    recipe,
    rows: rows.kind === 'filter' ? { kind: 'filter', filter: rows.filter } : rows,
    split,
    seed,
    timeLimit: timeLimit ?? null,
    ensemble: 1,
    engine,
    from: null,
  };
}
