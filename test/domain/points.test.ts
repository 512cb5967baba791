import { expect, test } from 'vitest';
import { mirrorPoints, mirrorX } from '../../src/domain/points.ts';

test('the first pixel mirrors onto the last: width - 1 - x', () => {
  expect(mirrorX(0, 96)).toBe(95);
});

test('a mirrored point stands where its partner stood, reflected', () => {
  const leftAndRight = Float32Array.of(70, 40, 20, 38);
  expect([...mirrorPoints(leftAndRight, [1, 0], 96)]).toEqual([75, 38, 25, 40]);
});

test('a point without a place mirrors onto none', () => {
  expect([...mirrorPoints(Float32Array.of(70, 40, NaN, NaN), [1, 0], 96)]).toEqual([NaN, NaN, 25, 40]);
});
