import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { presetRecipes } from '../../src/ml/training/recipe.ts';
import { runConfig } from '../../src/service/run-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function json(value: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const ask = { preset: 'mlp', engine: 'auto' } as const;
const ground = { snapshot: 'labels', rows: { kind: 'all' } } as const;

test('a preset brings its network and its recipe', () => {
  const config = runConfig(ask, ground);
  expect(config).toMatchObject({ preset: 'mlp', spec: { name: 'mlp' }, seed: 1, snapshot: 'labels' });
  expect(config.recipe).toEqual(presetRecipes.mlp);
});

test('a recipe file changes only the fields that it names, and --epochs comes last', () => {
  const { recipe } = runConfig({ ...ask, recipe: json({ batchSize: 32, epochs: 7 }), epochs: 9 }, ground);
  expect(recipe).toEqual({ ...presetRecipes.mlp, batchSize: 32, epochs: 9 });
});

test('a network of one’s own is called custom', () => {
  const spec = json({ layers: [{ type: 'flatten' }] });
  expect(runConfig({ ...ask, spec }, ground)).toMatchObject({
    preset: 'custom',
    spec: { layers: [{ type: 'flatten' }] },
  });
});

test('network and recipe may stand in the request itself', () => {
  const spec = { layers: [{ type: 'flatten' }] } as const;
  const { recipe, ...config } = runConfig({ ...ask, spec, recipe: { batchSize: 16 } }, ground);
  expect(config).toMatchObject({ preset: 'custom', spec });
  expect(recipe).toEqual({ ...presetRecipes.mlp, batchSize: 16 });
  const wrong = { layers: [{ type: 'dense' }] } as unknown as typeof spec;
  expect(() => runConfig({ ...ask, spec: wrong }, ground)).toThrow('layer 1 (dense), field units');
});

describe('a run that starts from another one', () => {
  const config = runConfig({ ...ask, recipe: { batchSize: 16 } }, ground);
  const from = { config, start: { run: 3, epoch: 7 } };

  test('takes over its network and recipe, changed by what is given', () => {
    const next = runConfig({ engine: 'auto', recipe: { patience: 4 } }, { ...ground, from });
    expect(next).toMatchObject({ preset: 'mlp', spec: config.spec, start: { run: 3, epoch: 7 } });
    expect(next.recipe).toEqual({ ...config.recipe, patience: 4 });
  });

  test('cannot have another network', () => {
    expect(() => runConfig({ engine: 'auto', preset: 'lenet5' }, { ...ground, from })).toThrow(
      'This is another network than that of run 3.',
    );
  });
});

describe('what is wrong is said with its file', () => {
  test.each([
    ['a misspelt field of a recipe', () => ({ recipe: json({ epoch: 3 }) }), 'recipe'],
    ['a file that is not JSON', () => ({ recipe: json('{') }), 'not JSON'],
    ['a file that holds a list', () => ({ spec: json([]) }), 'no JSON object'],
    ['a file that is not there', () => ({ spec: join(folder, 'none.json') }), 'cannot be read'],
  ])('%s', (_name, wrong, message) => {
    const files = wrong();
    const [file] = Object.values(files);
    expect(() => runConfig({ ...ask, ...files }, ground)).toThrow(message);
    expect(() => runConfig({ ...ask, ...files }, ground)).toThrow(file);
  });
});
