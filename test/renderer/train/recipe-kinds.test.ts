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

  test('keeps the learning rate, the weight decay and the moments', () => {
    const { optimizer, schedule } = presetRecipes.default;
    expect(scheduleOf('step', schedule).rate).toBe(0.002);
    expect(optimizerOf('adam', optimizer)).toEqual({ ...optimizer, kind: 'adam' });
    expect(optimizerOf('sgd', optimizer)).toEqual({ kind: 'sgd', momentum: 0.9, weightDecay: 0.01 });
  });
});

test('shares of the run are read and written as percent', () => {
  expect(readShares('50, 75 %')).toEqual([0.5, 0.75]);
  expect(readShares('')).toEqual([]);
  expect(readShares('half')).toBeUndefined();
  expect(readShares('150')).toBeUndefined();
  expect(writeShares([0.5, 0.725])).toBe('50 72.5');
});
