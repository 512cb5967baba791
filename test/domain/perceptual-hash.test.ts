import { describe, expect, test } from 'vitest';
import { correlation, lookOf } from '../../src/domain/perceptual-hash.ts';

/** A picture from a formula, gray values by column and row. */
function picture(width: number, height: number, gray: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => gray(i % width, Math.floor(i / width)));
}

const hashOf = (pixels: Uint8Array, width: number, height: number) => lookOf(pixels, width, height).hash;

const fallingToTheRight = picture(9, 8, (x) => 200 - 10 * x);

describe('the hash of a picture', () => {
  test('has a one wherever the picture is darker to the right', () => {
    expect(hashOf(fallingToTheRight, 9, 8)).toEqual({ high: 0xffffffff, low: 0xffffffff });
  });

  test('has no one in a picture that is the same all over', () => {
    expect(hashOf(new Uint8Array(72).fill(90), 9, 8)).toEqual({ high: 0, low: 0 });
  });

  test('has the top left cell as its highest bit', () => {
    const dot = picture(9, 8, (x, y) => (x === 0 && y === 0 ? 50 : 0));
    expect(hashOf(dot, 9, 8)).toEqual({ high: 0x80000000, low: 0 });
  });

  test('has the bottom right comparison as its lowest bit', () => {
    const dot = picture(9, 8, (x, y) => (x === 7 && y === 7 ? 50 : 0));
    expect(hashOf(dot, 9, 8)).toEqual({ high: 0, low: 1 });
  });

  test('does not depend on the size of the picture', () => {
    const waves = (scale: number) => (x: number, y: number) =>
      128 + 100 * Math.sin((7 * x) / scale) * Math.cos((5 * y) / scale);
    expect(hashOf(picture(288, 288, waves(288)), 288, 288)).toEqual(
      hashOf(picture(576, 576, waves(576)), 576, 576),
    );
  });
});

describe('the correlation of thumbnails', () => {
  const waves = picture(32, 32, (x, y) => 100 + 20 * Math.sin(x / 3) * Math.cos(y / 4));
  const ofWavesAnd = (other: Uint8Array) =>
    correlation(lookOf(waves, 32, 32).thumbnail, lookOf(other, 32, 32).thumbnail);

  test('is 1 for a picture with itself', () => {
    expect(ofWavesAnd(waves)).toBeCloseTo(1, 6);
  });

  test('is not changed by brightness and contrast', () => {
    expect(ofWavesAnd(waves.map((gray) => 2 * gray - 80))).toBeCloseTo(1, 6);
  });

  test('is -1 for the negative', () => {
    expect(ofWavesAnd(waves.map((gray) => 255 - gray))).toBeCloseTo(-1, 6);
  });

  test('is 0 with a picture without contrast', () => {
    expect(ofWavesAnd(new Uint8Array(1024).fill(7))).toBe(0);
  });
});
