import { expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { augment } from '../../../src/ml/augment/augment.ts';
import { blur, cutOut, relight } from '../../../src/ml/augment/light.ts';
import { normalise } from '../../../src/ml/augment/normalise.ts';
import { noAugmentation } from '../../../src/domain/recipe.ts';

const size = { width: 16, height: 16 };
const ramp = () => Float32Array.from({ length: 256 }, (_, i) => i);
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

test('standardising gives mean 0 and standard deviation 1', () => {
  const picture = ramp();
  normalise(picture, 'standardise');
  expect(mean(picture)).toBeCloseTo(0, 5);
  expect(deviation(picture)).toBeCloseTo(1, 5);
});

test('standardising a blank picture gives zeros, not NaN', () => {
  const blank = new Float32Array(256).fill(77);
  normalise(blank, 'standardise');
  expect(Math.max(...blank.map(Math.abs))).toBeLessThan(1e-3);
});

test('unit normalisation maps 255 to 1', () => {
  const picture = ramp();
  normalise(picture, 'unit');
  expect(picture[255]).toBe(1);
});

test('blurring one bright pixel spreads it with the variance asked for and keeps its sum', () => {
  const picture = new Float32Array(256);
  picture[8 * 16 + 8] = 100;
  blur(picture, 0.7, size);
  const variance = picture.reduce((sum, value, i) => sum + (value / 100) * ((i % 16) - 8) ** 2, 0);
  expect(mean(picture) * 256).toBeCloseTo(100, 3);
  expect(variance).toBeCloseTo(0.49, 5);
});

test('contrast pulls towards the mean', () => {
  const picture = ramp();
  relight(picture, { contrast: 0.5, brightness: 0, noise: { deviation: 0, start: 0 } });
  expect(mean(picture)).toBeCloseTo(127.5, 4);
  expect(picture[255]! - picture[0]!).toBeCloseTo(127.5, 4);
});

test('brightness shifts every pixel', () => {
  const picture = ramp();
  relight(picture, { contrast: 1, brightness: 10, noise: { deviation: 0, start: 0 } });
  expect(mean(picture)).toBeCloseTo(137.5, 4);
});

test('noise has the standard deviation asked for', () => {
  const picture = new Float32Array(9216).fill(128);
  relight(picture, { contrast: 1, brightness: 0, noise: { deviation: 5, start: 0.9 } });
  expect(deviation(picture)).toBeGreaterThan(4.8);
  expect(deviation(picture)).toBeLessThan(5.2);
});

test('cut-out paints the mean over a square', () => {
  const picture = ramp();
  cutOut(picture, { x: 8, y: 8, side: 4 }, size);
  expect(picture.filter((value) => value === 127.5)).toHaveLength(16);
});

test('cut-out at the corner stays within the picture', () => {
  const picture = ramp();
  cutOut(picture, { x: 15.9, y: 0, side: 6 }, size);
  expect(picture.filter((value) => value === 127.5)).toHaveLength(9);
});

const pixels = Uint8Array.from(ramp());

function run(augmentation: typeof noAugmentation, ...name: number[]) {
  const picture = new Float32Array(256);
  const moved = new Float32Array(2);
  const settings = { input: size, augmentation, normalisation: 'unit', permutation: [0] } as const;
  augment(pixels, Float32Array.of(3, 4), settings, randomStream(...name), picture, moved);
  return { picture, moved };
}

test('with every strength at 0 a sample is only normalised', () => {
  const { picture, moved } = run(noAugmentation, 1);
  expect([...moved]).toEqual([3, 4]);
  expect(picture).toEqual(Float32Array.from(pixels, (value) => value / 255));
});

test('contrast and brightness change a standardised picture too', () => {
  const picture = new Float32Array(256);
  const settings = {
    input: size,
    augmentation: { ...noAugmentation, contrast: 0.5, brightness: 0.5 },
    normalisation: 'standardise',
    permutation: [0],
  } as const;
  augment(pixels, Float32Array.of(3, 4), settings, randomStream(3), picture, new Float32Array(2));
  expect(Math.abs(mean(picture))).toBeGreaterThan(0.01);
  expect(Math.abs(deviation(picture) - 1)).toBeGreaterThan(0.01);
});

test('the same stream changes a sample in the same way', () => {
  const all = { ...noAugmentation, mirror: 0.5, rotation: 9, noise: 0.1, cutOut: 0.3, blur: 0.5 };
  expect(run(all, 5, 6)).toEqual(run(all, 5, 6));
  expect(run(all, 5, 6)).not.toEqual(run(all, 5, 7));
});

test('turning one change on leaves the draws of the others alone', () => {
  const turned = { ...noAugmentation, rotation: 20 };
  expect(run({ ...turned, noise: 0.1, cutOut: 0.3 }, 9).moved).toEqual(run(turned, 9).moved);
});
