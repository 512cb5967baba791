import { expect, test } from 'vitest';
import { fitOf, fitPixels, pointsToInput, pointsToPicture } from '../../../src/ml/training/fit.ts';

const input = { width: 8, height: 8 };

test('a picture of the input size stays as it is', () => {
  const pixels = Uint8Array.from({ length: 64 }, (_, i) => (i * 7) % 256);
  expect(fitPixels({ ...input, pixels }, input)).toEqual(pixels);
  expect(fitOf(input, input)).toEqual({ scale: 1, shiftX: 0, shiftY: 0 });
});

test('a picture keeps its proportions and lies in the middle, its edge going on beside it', () => {
  const wide = {
    width: 16,
    height: 8,
    pixels: Uint8Array.from({ length: 128 }, (_, i) => (i < 16 ? 200 : 50)),
  };
  const fitted = fitPixels(wide, input);
  // 16x8 becomes 8x4: two rows above hold the edge.
  expect(fitOf(wide, input)).toEqual({ scale: 0.5, shiftX: 0, shiftY: 2 });
  expect(fitted[0]).toBe(fitted[8]);
  expect(fitted[63]).toBe(50);
});

test('a feature lies in the fitted picture where its point goes', () => {
  const [width, height] = [64, 64];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const [dx, dy] = [(i % width) - 30, Math.floor(i / width) - 22];
    return 250 * Math.exp(-(dx * dx + dy * dy) / 100);
  });
  const large = { width: 32, height: 32 };
  const fitted = fitPixels({ width, height, pixels }, large);
  let [sum, x, y] = [0, 0, 0];
  fitted.forEach((value, i) => {
    sum += value;
    x += value * (i % 32);
    y += value * Math.floor(i / 32);
  });
  const [expectedX, expectedY] = pointsToInput(Float32Array.of(30, 22), fitOf({ width, height }, large));
  expect(x / sum).toBeCloseTo(expectedX!, 1);
  expect(y / sum).toBeCloseTo(expectedY!, 1);
});

test('points come back to the picture', () => {
  const fit = fitOf({ width: 300, height: 200 }, { width: 96, height: 96 });
  const back = pointsToPicture(pointsToInput(Float32Array.of(12.5, 199, NaN, NaN), fit), fit);
  expect(back[0]).toBeCloseTo(12.5, 3);
  expect(back[1]).toBeCloseTo(199, 3);
  expect(back[2]).toBeNaN();
});
