/** From what a person asks for to the config of a run. */
import { readFileSync } from 'node:fs';
import type { StartRequest } from '../contract/runs.ts';
import type { NetworkSpec } from '../domain/network-spec.ts';
import { InputProblem } from '../domain/problem.ts';
import type { Recipe } from '../domain/recipe.ts';
import { presetSpec } from '../ml/network/presets.ts';
import { parseNetworkSpec } from '../ml/network/spec.ts';
import type { RowChoice, RunConfig } from '../ml/training/config.ts';
import { defaultSplit } from '../ml/training/config.ts';
import { parseRecipe, presetRecipes } from '../ml/training/recipe.ts';

export type RunRequest = Omit<StartRequest, 'rows' | 'from' | 'ensemble'>;

/** What was looked up for the request in the workspace. */
interface RunGround {
  readonly snapshot: string;
  readonly rows: RowChoice;
  /** The run that it starts from, whose network and recipe are what the request changes. */
  readonly from?: { readonly config: RunConfig; readonly start: NonNullable<RunConfig['start']> } | undefined;
}

/**
 * @throws InputProblem for an unknown preset, for what is no network or recipe, for a file that cannot be read, and when
 * the network isn't that of the run to start from
 */
export function runConfig(request: RunRequest, { snapshot, rows, from }: RunGround): RunConfig {
  const { engine, seed = 1, timeLimit, split = defaultSplit } = request;
  const network = networkOf(request, from?.config);
  if (from && JSON.stringify(network.spec.layers) !== JSON.stringify(from.config.spec.layers))
    throw new InputProblem(`This is another network than that of run ${from.start.run}.`, {
      hint: `Start from scratch, or leave the network as it is in run ${from.start.run}.`,
    });
  return {
    ...network,
    recipe: recipeOf(request, from?.config),
    engine,
    seed,
    snapshot,
    rows,
    split,
    ...(from ? { start: from.start } : {}),
    ...(timeLimit === undefined ? {} : { timeLimit }),
  };
}

function networkOf({ preset, spec }: RunRequest, from?: RunConfig): Pick<RunConfig, 'preset' | 'spec'> {
  if (spec !== undefined) return { preset: 'custom', spec: given(spec, parseNetworkSpec) };
  if (preset === undefined && from) return { preset: from.preset, spec: from.spec };
  const name = preset ?? 'default';
  return { preset: name, spec: presetSpec(name) };
}

/** The recipe of the run to start from or of the preset, changed by the fields that are given and then by the epochs. */
function recipeOf(
  { preset = 'default', recipe: changes = {}, epochs }: RunRequest,
  from?: RunConfig,
): Recipe {
  presetSpec(preset); // names the presets there are
  const base = from?.recipe ?? presetRecipes[preset as keyof typeof presetRecipes];
  const last = epochs === undefined ? {} : { epochs };
  return given(changes, (fields) => parseRecipe({ ...base, ...fields, ...last }));
}

/** What stands in the request itself, or in the file that it names. */
function given<T>(value: string | Partial<Recipe> | NetworkSpec, parse: (json: object) => T): T {
  if (typeof value !== 'string') return parse(asObject(value));
  const json = readJson(value);
  try {
    return parse(json);
  } catch (error) {
    if (error instanceof InputProblem) throw new InputProblem(error.message, { file: value });
    throw error;
  }
}

function readJson(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputProblem('This file cannot be read.', { file: path, found: (error as Error).message });
  }
  try {
    return asObject(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof InputProblem) throw error;
    throw new InputProblem('This file is not JSON.', { file: path, found: (error as Error).message });
  }
}

function asObject(value: unknown, file?: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  if (file === undefined) throw new InputProblem('This is no JSON object.', { found: JSON.stringify(value) });
  throw new InputProblem('This file holds no JSON object.', { file });
}
