import { expect, test } from 'vitest';
import { diverging, viridis } from '../../../src/renderer/faces/scale.ts';
import { colourPixels, rangeOf, weightPixels } from '../../../src/renderer/models/colours.ts';

const pixel = (pixels: Uint8ClampedArray, i: number) => [...pixels.subarray(4 * i, 4 * i + 4)];

test('amounts go up from 0 in one scale', () => {
  const range = rangeOf([0, 2, 4]);
  expect(range).toEqual({ lowest: 0, highest: 4, signed: false });
  const pixels = colourPixels([0, 4], range);
  expect(pixel(pixels, 0)).toEqual([...viridis(0), 255]);
  expect(pixel(pixels, 1)).toEqual([...viridis(1), 255]);
});

test('signed values go two ways from 0, as far on either side', () => {
  const range = rangeOf([-1, 4]);
  const pixels = colourPixels([-4, -1, 4], range);
  expect(pixel(pixels, 0)).toEqual([...diverging(-1), 255]);
  expect(pixel(pixels, 2)).toEqual([...diverging(1), 255]);
  const [red, , blue] = pixel(pixels, 1);
  expect(blue).toBeGreaterThan(red!);
  const [r, g, b] = diverging(0);
  expect([r === g, g === b]).toEqual([true, true]);
});

test('over a face one sees through small amounts', () => {
  const range = rangeOf([-1, 1]);
  const alpha = (value: number) => pixel(colourPixels([value], range, { over: true }), 0)[3]!;
  expect(alpha(0)).toBeLessThan(alpha(-0.5));
  expect(alpha(-0.5)).toBeLessThan(alpha(1));
});

test('weights on pixels are gray about 0, white where they want light', () => {
  const pixels = weightPixels([-2, 0, 2], rangeOf([-2, 0, 2]));
  expect([pixel(pixels, 0)[0], pixel(pixels, 2)[0]]).toEqual([0, 255]);
  expect(pixel(pixels, 1)[0]).toBeCloseTo(127.5, -1);
});

test('where everything is 0 there is a colour all the same', () => {
  expect(pixel(colourPixels([0], rangeOf([0])), 0)).toEqual([...viridis(0), 255]);
});
