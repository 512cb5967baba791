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

test('a preset brings its network and its recipe', () => {
  const config = runConfig(ask, 'labels');
  expect(config).toMatchObject({ preset: 'mlp', spec: { name: 'mlp' }, seed: 1, snapshot: 'labels' });
  expect(config.recipe).toEqual(presetRecipes.mlp);
});

test('a recipe file changes only the fields that it names, and --epochs comes last', () => {
  const { recipe } = runConfig({ ...ask, recipe: json({ batchSize: 32, epochs: 7 }), epochs: 9 }, 'labels');
  expect(recipe).toEqual({ ...presetRecipes.mlp, batchSize: 32, epochs: 9 });
});

test('a network of one’s own is called custom', () => {
  const spec = json({ layers: [{ type: 'flatten' }] });
  expect(runConfig({ ...ask, spec }, 'labels')).toMatchObject({
    preset: 'custom',
    spec: { layers: [{ type: 'flatten' }] },
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
    expect(() => runConfig({ ...ask, ...files }, 'labels')).toThrow(message);
    expect(() => runConfig({ ...ask, ...files }, 'labels')).toThrow(file);
  });
});
