import { expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { movePoints, warpPixels } from '../../../src/ml/augment/affine.ts';
import { align } from '../../../src/ml/evaluation/align.ts';

const input = { width: 96, height: 96 };

/** Soft blobs at random places. */
function blobs(seed: number): Uint8Array {
  const random = randomStream(seed);
  const centres = Array.from({ length: 12 }, () => [16 + 64 * random.uniform(), 16 + 64 * random.uniform()]);
  return Uint8Array.from({ length: 96 * 96 }, (_, i) => {
    const near = centres.map(([x, y]) =>
      Math.exp(-(((i % 96) - x!) ** 2 + (Math.floor(i / 96) - y!) ** 2) / 60),
    );
    return Math.min(
      255,
      near.reduce((sum, value) => sum + 90 * value, 20),
    );
  });
}

const moved = { mirrored: false, angle: 0.05, scale: 1.03, shiftX: 2.5, shiftY: -1.25 };

test('a picture that was turned, enlarged, shifted and brightened is laid back to a twentieth of a pixel', () => {
  const picture = blobs(1);
  const other = new Float32Array(96 * 96);
  warpPixels(picture, moved, input, other);
  const { affine, correlation } = align(
    Float32Array.from(picture),
    other.map((value) => 0.7 * value + 30),
    input,
  );
  const corners = Float32Array.of(20, 20, 75, 20, 20, 75, 75, 75);
  const [expected, found] = [new Float32Array(8), new Float32Array(8)];
  movePoints(corners, moved, [0, 1, 2, 3], input, expected);
  movePoints(corners, affine, [0, 1, 2, 3], input, found);
  for (const [i, place] of found.entries()) expect(Math.abs(place - expected[i]!)).toBeLessThan(0.05);
  expect(correlation).toBeGreaterThan(0.999);
});

test('pictures of different things correlate little wherever they are laid', () => {
  const { correlation } = align(Float32Array.from(blobs(1)), Float32Array.from(blobs(2)), input);
  expect(correlation).toBeLessThan(0.9);
});

test('a picture without contrast has no correlation with anything', () => {
  const flat = new Float32Array(96 * 96).fill(100);
  expect(align(flat, Float32Array.from(blobs(1)), input).correlation).toBe(0);
});
