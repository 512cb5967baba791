import { expect, test } from 'vitest';
import type { Recipe } from '../../../src/domain/recipe.ts';
import { draftOf, type Reusable } from '../../../src/renderer/runs/reuse.ts';

const recipe = { epochs: 7 } as Recipe;
const config: Reusable = {
  ...{ preset: 'lenet5', spec: { layers: [] }, recipe, seed: 4 },
  ...{ rows: { kind: 'complete' }, split: { validation: 0.2, seed: 9 } },
};

test('a preset’s run is asked for again by its name, with everything that decided it', () => {
  expect(draftOf(config)).toEqual({
    ...{ preset: 'lenet5', spec: null, recipe, seed: 4, rows: { kind: 'complete' } },
    ...{ split: { validation: 0.2, seed: 9 }, timeLimit: null, from: null },
  });
});

test('a network of one’s own comes along', () => {
  expect(draftOf({ ...config, preset: 'custom' })).toMatchObject({ preset: 'default', spec: { layers: [] } });
});

test('a filter is asked anew, without the images that it found then', () => {
  const rows = { kind: 'filter', filter: { text: 'a' }, images: [1, 2] } as Reusable['rows'];
  expect(draftOf({ ...config, rows }).rows).toEqual({ kind: 'filter', filter: { text: 'a' } });
});
