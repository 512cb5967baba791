import { expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { face15 } from '../../../src/domain/schema.ts';
import { movePoints, warpPixels } from '../../../src/ml/augment/affine.ts';
import { labelNoise } from '../../../src/ml/evaluation/label-noise.ts';
import type { Dataset } from '../../../src/ml/training/dataset.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';

const schema = { ...face15, keypoints: ['nose', 'chin'], mirrorPairs: [], skeleton: [] };
const input = { width: 96, height: 96 };
const size = 96 * 96;
/** Of each coordinate, in pixels. */
const scatter = 0.8;

/** Pairs of one scene: the second picture is the first one shifted, and its labels are placed anew. */
function scenes(pairs: number, places: (pair: number) => number[] = () => [40, 50, 45, 70]): Dataset {
  const random = randomStream(7);
  const pixels = new Uint8Array(2 * pairs * size);
  const points = new Float32Array(2 * pairs * 4);
  for (let pair = 0; pair < pairs; pair++) {
    const centres = Array.from({ length: 12 }, () => [96 * random.uniform(), 96 * random.uniform()]);
    const picture = Uint8Array.from({ length: size }, (_, i) =>
      Math.min(
        255,
        centres.reduce(
          (sum, [x, y]) =>
            sum + 90 * Math.exp(-(((i % 96) - x!) ** 2 + (Math.floor(i / 96) - y!) ** 2) / 100),
          20,
        ),
      ),
    );
    const shift = { mirrored: false, angle: 0, scale: 1, shiftX: 2, shiftY: 4 * random.uniform() - 2 };
    const second = new Float32Array(size);
    warpPixels(picture, shift, input, second);
    pixels.set(picture, 2 * pair * size);
    pixels.set(second, (2 * pair + 1) * size);
    const truth = Float32Array.from(places(pair));
    const shifted = new Float32Array(4);
    movePoints(truth, shift, [0, 1], input, shifted);
    points.set(
      truth.map((place) => place + scatter * random.normal()),
      8 * pair,
    );
    points.set(
      shifted.map((place) => place + scatter * random.normal()),
      8 * pair + 4,
    );
  }
  return {
    schema,
    input,
    imageIds: Array.from({ length: 2 * pairs }, (_, i) => i + 1),
    pictures: picturesInMemory(pixels, size),
    points,
    together: Array.from({ length: pairs }, (_, pair) => [2 * pair, 2 * pair + 1] as const),
    asked: null,
  };
}

test('labels that scatter by 0.8 px are told to', () => {
  const { rmse, interval, pairs, setAside } = labelNoise(scenes(60))!;
  expect(pairs + setAside).toBe(60);
  expect(rmse).toBeGreaterThan(0.7);
  expect(rmse).toBeLessThan(0.9);
  expect(interval.low).toBeLessThan(rmse);
  expect(interval.high).toBeGreaterThan(rmse);
});

test('a pair with a plainly wrong label is left out', () => {
  const dataset = scenes(40);
  dataset.points[5] = 5;
  const { rmse, setAside } = labelNoise(dataset)!;
  expect(setAside).toBe(1);
  expect(rmse).toBeLessThan(1);
});

test('points that one of the two pictures lacks say nothing', () => {
  const { rmse } = labelNoise(scenes(60, (pair) => (pair % 2 ? [40, 50, NaN, NaN] : [40, 50, 45, 70])))!;
  expect(rmse).toBeGreaterThan(0.7);
  expect(rmse).toBeLessThan(0.9);
});

test('pictures held together that show different things say nothing', () => {
  const dataset = scenes(30);
  const mixed = {
    ...dataset,
    together: dataset.together.map(([first], i) => [first, (2 * i + 3) % 60] as const),
  };
  expect(labelNoise(mixed)).toBeNull();
});

test('nothing is said of fewer than ten pairs', () => {
  expect(labelNoise(scenes(9))).toBeNull();
});
