import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mirrorPermutation, type KeypointSchema } from '../../../src/domain/schema.ts';
import { randomStream } from '../../../src/domain/random.ts';
import { type Affine, drawAffine, movePoints, warpPixels } from '../../../src/ml/augment/affine.ts';

const size = { width: 48, height: 40 };
const pair: KeypointSchema = {
  id: 'pair',
  title: 'Left, right and nose',
  keypoints: ['left', 'right', 'nose'],
  mirrorPairs: [['left', 'right']],
  skeleton: [],
};
const permutation = mirrorPermutation(pair);
const still: Affine = { mirrored: false, angle: 0, scale: 1, shiftX: 0, shiftY: 0 };

const move = (points: number[], affine: Affine, swaps: readonly number[] = permutation) => {
  const moved = new Float32Array(points.length);
  movePoints(Float32Array.from(points), affine, swaps, size, moved);
  return [...moved];
};
const warp = (pixels: Uint8Array, affine: Affine) => {
  const warped = new Float32Array(pixels.length);
  warpPixels(pixels, affine, size, warped);
  return warped;
};
const checkered = Uint8Array.from({ length: size.width * size.height }, (_, i) => (i * 37) % 256);

test('the mirror of x is width - 1 - x, and partners change places', () => {
  expect(move([10, 5, 30, 6, 20, 7], { ...still, mirrored: true })).toEqual([17, 6, 37, 5, 27, 7]);
});

test('the mirrored picture is the picture read from right to left', () => {
  const mirrored = warp(checkered, { ...still, mirrored: true });
  for (const at of [0, 1, 500, 1919]) {
    const [x, y] = [at % size.width, Math.floor(at / size.width)];
    expect(mirrored[at]).toBe(checkered[y * size.width + size.width - 1 - x]);
  }
});

test('a mirrored mirror is the original', () => {
  const mirror = { ...still, mirrored: true };
  expect(move(move([10, 5, 30, 6, 20, 7], mirror), mirror)).toEqual([10, 5, 30, 6, 20, 7]);
  expect([...warp(Uint8Array.from(warp(checkered, mirror)), mirror)]).toEqual([...checkered]);
});

test('without any change the picture and its points stay exactly as they are', () => {
  expect([...warp(checkered, still)]).toEqual([...checkered]);
  expect(move([10, 5, 30, 6, 20.25, 7], still)).toEqual([10, 5, 30, 6, 20.25, 7]);
});

test('beyond the edge its pixels go on', () => {
  const right = warp(checkered, { ...still, shiftX: 5 });
  for (let x = 0; x < 5; x++) expect(right[x]).toBe(checkered[0]);
});

test('a missing point stays missing', () => {
  expect(move([NaN, NaN, 30, 6, 20, 7], still).slice(0, 2)).toEqual([NaN, NaN]);
});

test('a point that leaves the picture becomes missing, one on the outermost half pixel stays', () => {
  const moved = move([45, 20, 2.5, 20, 20, 7], { ...still, shiftX: 2.5 });
  expect(moved).toEqual([47.5, 20, 5, 20, 22.5, 7]);
  expect(move([45.1, 20, 2.5, 20, 20, 7], { ...still, shiftX: 2.5 }).slice(0, 2)).toEqual([NaN, NaN]);
});

const affines = fc.record({
  mirrored: fc.boolean(),
  angle: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  scale: fc.double({ min: 0.8, max: 1.25, noNaN: true }),
  shiftX: fc.double({ min: -4, max: 4, noNaN: true }),
  shiftY: fc.double({ min: -4, max: 4, noNaN: true }),
});
const places = fc.tuple(
  fc.double({ min: 18, max: 29, noNaN: true }),
  fc.double({ min: 16, max: 23, noNaN: true }),
);

/**
 * A picture that is linear in x and y is warped without error by bilinear reading, so the gray value found at a
 * moved point (read bilinearly as well) says exactly where the point came from.
 */
test('points move with the picture to 1e-4 pixels', () => {
  const ramps = {
    x: Uint8Array.from({ length: checkered.length }, (_, i) => 5 * (i % size.width)),
    y: Uint8Array.from({ length: checkered.length }, (_, i) => 5 * Math.floor(i / size.width)),
  };
  fc.assert(
    fc.property(affines, places, (affine, [x, y]) => {
      const [movedX, movedY] = move([x, y], affine, [0]) as [number, number];
      const read = (ramp: Uint8Array) => readAt(warp(ramp, affine), movedX, movedY) / 5;
      expect(Math.abs(read(ramps.x) - x)).toBeLessThan(1e-4);
      expect(Math.abs(read(ramps.y) - y)).toBeLessThan(1e-4);
    }),
    { numRuns: 200 },
  );
});

test('a blob drawn at a point has its centroid where the point goes', () => {
  fc.assert(
    fc.property(affines, places, (affine, [x, y]) => {
      const blob = Uint8Array.from({ length: checkered.length }, (_, i) => {
        const [dx, dy] = [(i % size.width) - x, Math.floor(i / size.width) - y];
        return Math.round(250 * Math.exp(-(dx * dx + dy * dy) / 8));
      });
      const [movedX, movedY] = move([x, y], affine, [0]) as [number, number];
      const found = centroid(warp(blob, affine));
      expect(Math.hypot(found.x - movedX, found.y - movedY)).toBeLessThan(0.05);
    }),
    { numRuns: 100 },
  );
});

test('moving back by the inverse gives the point again', () => {
  fc.assert(
    fc.property(affines, places, ({ angle, scale }, [x, y]) => {
      const there = { ...still, angle, scale };
      const back = { ...still, angle: -angle, scale: 1 / scale };
      const [againX, againY] = move(move([x, y], there, [0]), back, [0]) as [number, number];
      expect(Math.hypot(againX - x, againY - y)).toBeLessThan(1e-4);
    }),
  );
});

test('draws keep within the strengths of the recipe', () => {
  const strengths = { mirror: 0.5, rotation: 10, scale: 0.25, shift: 3 };
  const drawn = Array.from({ length: 500 }, (_, i) => drawAffine(strengths, randomStream(i)));
  expect(Math.max(...drawn.map(({ angle }) => Math.abs(angle)))).toBeLessThanOrEqual((10 * Math.PI) / 180);
  expect(Math.max(...drawn.map(({ scale }) => scale))).toBeLessThanOrEqual(1.25);
  expect(Math.min(...drawn.map(({ scale }) => scale))).toBeGreaterThanOrEqual(0.8);
  expect(drawn.filter(({ mirrored }) => mirrored).length).toBeGreaterThan(200);
});

function readAt(picture: Float32Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (dx: number, dy: number) => picture[(top + dy) * size.width + left + dx]!;
  const [u, v] = [x - left, y - top];
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

function centroid(picture: Float32Array) {
  let [sum, x, y] = [0, 0, 0];
  picture.forEach((value, i) => {
    sum += value;
    x += value * (i % size.width);
    y += value * Math.floor(i / size.width);
  });
  return { x: x / sum, y: y / sum };
}
