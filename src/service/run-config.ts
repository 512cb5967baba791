/** From what a person asks for to the config of a run. */
import { readFileSync } from 'node:fs';
import { InputProblem } from '../domain/problem.ts';
import { presetSpec } from '../ml/network/presets.ts';
import type { NetworkSpec } from '../domain/network-spec.ts';
import { parseNetworkSpec } from '../ml/network/spec.ts';
import type { RunConfig } from '../ml/training/config.ts';
import { defaultSplit } from '../ml/training/config.ts';
import type { Recipe } from '../domain/recipe.ts';
import { parseRecipe, presetRecipes } from '../ml/training/recipe.ts';

export interface RunRequest {
  readonly preset: string;
  readonly spec?: string | undefined;
  readonly recipe?: string | undefined;
  readonly epochs?: number | undefined;
  readonly timeLimit?: number | undefined;
  readonly seed?: number | undefined;
  readonly engine: RunConfig['engine'];
}

/** @throws InputProblem for an unknown preset, or a file that cannot be read or holds something else. */
export function runConfig(request: RunRequest, snapshot: string): RunConfig {
  const { preset, engine, seed = 1, timeLimit } = request;
  return {
    preset: request.spec === undefined ? preset : 'custom',
    spec: request.spec === undefined ? presetSpec(preset) : readSpec(request.spec),
    recipe: recipeOf(request),
    engine,
    seed,
    snapshot,
    split: defaultSplit,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  };
}

function readSpec(path: string): NetworkSpec {
  const json = readJson(path);
  return inFile(path, () => parseNetworkSpec(json));
}

/** The preset's recipe, changed by the fields of the file and then by --epochs. */
function recipeOf({ preset, recipe: path, epochs }: RunRequest): Recipe {
  presetSpec(preset); // names the presets there are
  const base: Recipe = presetRecipes[preset as keyof typeof presetRecipes];
  const changes = path === undefined ? {} : readJson(path);
  const recipe = { ...base, ...changes, ...(epochs === undefined ? {} : { epochs }) };
  return path === undefined ? parseRecipe(recipe) : inFile(path, () => parseRecipe(recipe));
}

function readJson(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputProblem('This file cannot be read.', { file: path, found: (error as Error).message });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputProblem('This file is not JSON.', { file: path, found: (error as Error).message });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InputProblem('This file holds no JSON object.', { file: path });
}

function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputProblem) throw new InputProblem(error.message, { file });
    throw error;
  }
}
