import { describe, expect, test } from 'vitest';
import { parseRecipe, presetRecipes } from '../../../src/ml/training/recipe.ts';
import {
  lossOf,
  optimizerKinds,
  optimizerOf,
  readShares,
  scheduleKinds,
  scheduleOf,
  writeShares,
} from '../../../src/renderer/train/recipe-kinds.ts';

describe('another kind of a part of the recipe', () => {
  test('makes a recipe that can be trained, whatever the kind was before', () => {
    const recipes = Object.values(presetRecipes);
    for (const recipe of recipes) {
      for (const kind of optimizerKinds)
        parseRecipe({ ...recipe, optimizer: optimizerOf(kind, recipe.optimizer) });
      for (const kind of scheduleKinds)
        parseRecipe({ ...recipe, schedule: scheduleOf(kind, recipe.schedule) });
      for (const kind of ['mse', 'huber', 'wing'] as const) parseRecipe({ ...recipe, loss: lossOf(kind) });
    }
    expect(recipes).toHaveLength(3);
  });

  test('keeps the learning rate and the moments, and the weight decay where it means the same', () => {
    const { optimizer, schedule } = presetRecipes.default;
    expect(scheduleOf('step', schedule).rate).toBe(0.01);
    const adam = { ...optimizer, kind: 'adam', weightDecay: 1e-4 } as const;
    expect(optimizerOf('adam', optimizer)).toEqual({ ...optimizer, kind: 'adam', weightDecay: 0 });
    expect(optimizerOf('adamw', adam)).toEqual({ ...optimizer, weightDecay: 0.1 });
    expect(optimizerOf('sgd', adam)).toEqual({ kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 });
  });
});

test('shares of the run are read and written as percent', () => {
  expect(readShares('50, 75 %')).toEqual([0.5, 0.75]);
  expect(readShares('')).toEqual([]);
  expect(readShares('half')).toBeUndefined();
  expect(readShares('150')).toBeUndefined();
  expect(writeShares([0.5, 0.725])).toBe('50 72.5');
});
