import { expect, test } from 'vitest';
import { poseOf } from '../../src/domain/pose.ts';
import { threePoints } from '../workspace/scratch.ts';

/** The subject's left eye is at the right of the picture. */
const face = (nose: readonly [number, number], leftEye: readonly [number, number] = [60, 30]) =>
  poseOf(threePoints, Float32Array.of(...leftEye, 36, 30, ...nose))!;

test('a face that looks ahead is neither turned nor tilted', () => {
  expect(face([48, 55])).toEqual({ turn: 0, tilt: 0 });
});

test('a nose that lies nearer to one eye tells the turn, in half distances of the eyes', () => {
  expect(face([54, 55]).turn).toBeCloseTo(0.5);
  expect(face([42, 55]).turn).toBeCloseTo(-0.5);
});

test('a lower left eye is a tilt to that side, in degrees', () => {
  expect(face([48, 55], [60, 54]).tilt).toBeCloseTo(45);
});

test('of a schema without pairs nothing can be said', () => {
  expect(poseOf({ ...threePoints, mirrorPairs: [] }, new Float32Array(6))).toBeUndefined();
});
