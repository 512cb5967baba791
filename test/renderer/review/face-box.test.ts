import { expect, test } from 'vitest';
import { firstBox, grayBase64, moved, resized, toPicture } from '../../../src/renderer/review/face-box.ts';

const size = { width: 300, height: 200 };

test('the first box is as large as fits, in the middle', () => {
  expect(firstBox(size)).toEqual({ x: 50, y: 0, side: 200 });
});

test('a box stays within the picture', () => {
  expect(moved({ x: 50, y: 0, side: 100 }, 500, -7, size)).toEqual({ x: 200, y: 0, side: 100 });
  expect(resized({ x: 190, y: 90, side: 100 }, 60, size)).toEqual({ x: 140, y: 40, side: 160 });
  expect(resized({ x: 0, y: 0, side: 100 }, 999, size).side).toBe(200);
});

test('it grows about its middle, and never vanishes', () => {
  expect(resized({ x: 100, y: 50, side: 100 }, 20, size)).toEqual({ x: 90, y: 40, side: 120 });
  expect(resized({ x: 100, y: 50, side: 20 }, -50, size).side).toBe(16);
});

test('places go back to the picture by pixel centres', () => {
  const box = { x: 10, y: 20, side: 192 };
  expect(toPicture(box, 96, { x: 0, y: 0 })).toEqual({ x: 10.5, y: 20.5 });
  expect(toPicture(box, 96, { x: 95, y: 95 })).toEqual({ x: 200.5, y: 210.5 });
});

test('colours become gray by their luma, one byte each', () => {
  const gray = atob(grayBase64(Uint8ClampedArray.of(255, 255, 255, 255, 0, 255, 0, 255, 0, 0, 0, 255)));
  expect([...gray].map((byte) => byte.charCodeAt(0))).toEqual([255, 150, 0]);
});
