import { expect, test } from 'vitest';
import { meanShape, pointsOf, targetsOf } from '../../../src/ml/training/targets.ts';

const input = { width: 96, height: 48 };

test('the picture spans -1 to 1 in targets, its centre is 0', () => {
  expect([...targetsOf(Float32Array.of(-0.5, -0.5, 47.5, 23.5, 95.5, 47.5), input)]).toEqual([
    -1, -1, 0, 0, 1, 1,
  ]);
});

test('points come back from targets', () => {
  const points = Float32Array.of(3.25, 40.5, NaN, NaN);
  expect(pointsOf(targetsOf(points, input), input)).toEqual(points);
});

test('the mean shape is that of the images given, over those that have the keypoint', () => {
  const points = Float32Array.of(1, 1, 10, 10, 3, 5, NaN, NaN, 99, 99, 99, 99);
  expect([...meanShape(points, [0, 1], 2, input)]).toEqual([2, 3, 10, 10]);
});

test('a keypoint that no image has starts at the centre', () => {
  expect([...meanShape(Float32Array.of(NaN, NaN), [0], 1, input)]).toEqual([47.5, 23.5]);
});
