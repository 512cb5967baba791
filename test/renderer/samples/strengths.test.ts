import { expect, test } from 'vitest';
import { augmentationChanges, noAugmentation } from '../../../src/domain/recipe.ts';
import { amountText, isSame, strengths } from '../../../src/renderer/samples/strengths.ts';

test('every change of a recipe has a slider, in the order in which they are made', () => {
  expect(strengths.map(({ change }) => change)).toEqual([...augmentationChanges]);
});

test('what was drawn is said with its unit and direction', () => {
  expect(amountText('rotation', { degrees: -12.34 })).toBe('12.3° to the left');
  expect(amountText('shift', { x: -3, y: 4.25 })).toBe('x −3.0 px, y +4.3 px');
  expect(amountText('mirror', { mirrored: 0 })).toBe('not mirrored');
  expect(amountText('cutOut', { x: 10, y: 20, side: 30.4 })).toBe('30 px about (10, 20)');
});

test('augmentations differ when one strength does', () => {
  expect(isSame(noAugmentation, { ...noAugmentation })).toBe(true);
  expect(isSame(noAugmentation, { ...noAugmentation, blur: 0.1 })).toBe(false);
});
