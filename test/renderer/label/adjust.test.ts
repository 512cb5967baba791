import { expect, test } from 'vitest';
import { adjust, asItIs } from '../../../src/renderer/label/adjust.ts';

/** [grays, RGBA] */
const picture = (...grays: number[]) =>
  Uint8ClampedArray.from(grays.flatMap((gray) => [gray, gray, gray, 255]));
const grays = (pixels: Uint8ClampedArray) => [...pixels].filter((_, i) => i % 4 === 0);

function adjusted(change: Partial<typeof asItIs>, ...values: number[]): number[] {
  const pixels = picture(...values);
  adjust(pixels, { ...asItIs, ...change });
  return grays(pixels);
}

test('a picture that nothing is to be done to stays as it is', () => {
  expect(adjusted({}, 0, 7, 128, 255)).toEqual([0, 7, 128, 255]);
});

test('brightness moves all grays the same way', () => {
  expect(adjusted({ brightness: 0.1 }, 0, 100, 250)).toEqual([16, 116, 255]);
});

test('contrast spreads grays around the middle', () => {
  expect(adjusted({ contrast: 0.5 }, 120, 135)).toEqual([112, 142]);
  expect(adjusted({ contrast: -0.5 }, 0, 255)).toEqual([64, 191]);
});

test('equalised, the darkest gray is black, the lightest white, and those between are as far apart as they are frequent', () => {
  expect(adjusted({ equalise: true }, 100, 101, 101, 102, 103)).toEqual([0, 128, 128, 191, 255]);
});

test('a picture of one gray is equalised to a middle gray', () => {
  expect(adjusted({ equalise: true }, 9, 9, 9)).toEqual([128, 128, 128]);
});

test('alpha is left alone', () => {
  const pixels = picture(10);
  adjust(pixels, { brightness: 1, contrast: 0, equalise: false });
  expect(pixels[3]).toBe(255);
});
