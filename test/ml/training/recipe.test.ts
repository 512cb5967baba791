import { expect, test } from 'vitest';
import { InputProblem } from '../../../src/domain/problem.ts';
import { presetNames } from '../../../src/ml/network/presets.ts';
import { parseRecipe, presetRecipes } from '../../../src/ml/training/recipe.ts';

test('every preset network has a recipe, and it is valid', () => {
  expect(Object.keys(presetRecipes).toSorted()).toEqual([...presetNames].toSorted());
  for (const recipe of Object.values(presetRecipes)) expect(parseRecipe(recipe)).toEqual(recipe);
});

test('an unknown setting is an error that names it', () => {
  const misspelt = { ...presetRecipes.default, epoch: 3 };
  expect(() => parseRecipe(misspelt)).toThrow(InputProblem);
  expect(() => parseRecipe(misspelt)).toThrow(/epoch/);
});

test('a value out of range is an error that names its place', () => {
  const { augmentation } = presetRecipes.default;
  expect(() => parseRecipe({ ...presetRecipes.default, augmentation: { ...augmentation, blur: 9 } })).toThrow(
    /augmentation\.blur/,
  );
});
