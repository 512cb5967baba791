import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { face15 } from '../../../src/domain/schema.ts';
import { predictBaselines, scoreBaselines } from '../../../src/ml/baselines/baselines.ts';
import { averageOf, nearestRows } from '../../../src/ml/baselines/neighbours.ts';
import { principalComponents, project } from '../../../src/ml/baselines/pca.ts';
import { fitRidge } from '../../../src/ml/baselines/ridge.ts';
import { type Dataset, pointsOfImages } from '../../../src/ml/training/dataset.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';

describe('nearest neighbours', () => {
  const line = (...values: number[]) => {
    const rows = Float32Array.from(values);
    return { values: rows, length: 1, coarse: [] };
  };

  test('are the nearest rows, the nearest first', () => {
    expect(nearestRows([line(-1, 10, 4, 7)], line(5), 3)).toEqual([[2, 3, 1]]);
    expect(nearestRows([line(-1, 10), line(4), line(7)], line(5), 3)).toEqual([[2, 3, 1]]);
  });

  test('do not depend on the coarse views that save comparisons', () => {
    const random = randomStream(3);
    const values = Float32Array.from({ length: 2000 }, () => random.uniform());
    const exact = { values, length: 20, coarse: [] };
    const onlyFirst = (length: number) => ({ values: values.filter((_, i) => i % 20 < length), length });
    const helped = { values, length: 20, coarse: [onlyFirst(4), onlyFirst(10)] };
    expect(nearestRows([helped], helped, 5)).toEqual(nearestRows([exact], exact, 5));
  });

  test('average where they have the keypoint, and fall back where none has', () => {
    const points = Float32Array.of(1, NaN, 3, NaN, NaN, NaN);
    expect([...averageOf([[0, 1, 2]], points, Float32Array.of(9, 9))]).toEqual([2, 9]);
  });
});

test('principal components find the plane that rows lie in', () => {
  const random = randomStream(5);
  const rows = new Float32Array(200 * 6);
  for (let row = 0; row < 200; row++) {
    const [a, b] = [random.normal(), random.normal()];
    rows.set([1 + a, 2 + a, 3, 4 + b, 5 - b, 6], row * 6);
  }
  const pca = principalComponents(rows, 6, 2, 1);
  const projected = project(rows, pca);
  for (let row = 0; row < 200; row++)
    for (let i = 0; i < 6; i++) {
      const along = [0, 1].reduce((sum, c) => sum + projected[row * 2 + c]! * pca.components[c * 6 + i]!, 0);
      expect(pca.mean[i]! + along).toBeCloseTo(rows[row * 6 + i]!, 4);
    }
});

describe('ridge', () => {
  const features = Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1, 2, 1);

  test('without penalty finds the line that targets lie on, from the rows that have them', () => {
    const targets = Float32Array.from({ length: 5 }, (_, row) =>
      row === 4 ? NaN : 3 + 2 * features[2 * row]! - features[2 * row + 1]!,
    );
    const [predicted] = fitRidge(features, 2, targets, 1, 1e-9)(Float32Array.of(5, 7));
    expect(predicted).toBeCloseTo(3 + 10 - 7, 3);
  });

  test('with a large penalty predicts the mean', () => {
    const [predicted] = fitRidge(features, 2, Float32Array.of(1, 2, 3, 4, 5), 1, 1e9)(Float32Array.of(5, 7));
    expect(predicted).toBeCloseTo(3, 5);
  });

  test('an output that no row has is NaN', () => {
    expect(fitRidge(features, 2, new Float32Array(5).fill(NaN), 1, 1)(Float32Array.of(1, 1))[0]).toBeNaN();
  });
});

test('on pictures of a moving spot, all but the mean shape see where it is', () => {
  const input = { width: 24, height: 24 };
  const images = 120;
  const random = randomStream(8);
  const pixels = new Uint8Array(images * 576);
  const points = new Float32Array(images * 2);
  for (let image = 0; image < images; image++) {
    const [x, y] = [6 + 12 * random.uniform(), 6 + 12 * random.uniform()];
    points.set([x, y], image * 2);
    for (let i = 0; i < 576; i++) {
      const [dx, dy] = [(i % 24) - x, Math.floor(i / 24) - y];
      pixels[image * 576 + i] = 250 * Math.exp(-(dx * dx + dy * dy) / 40);
    }
  }
  const schema = { ...face15, keypoints: ['spot'], mirrorPairs: [], skeleton: [] };
  const imageIds = Array.from({ length: images }, (_, i) => i);
  const pictures = picturesInMemory(pixels, 576);
  const dataset: Dataset = { schema, input, imageIds, pictures, points, together: [], asked: null };
  const rows = Int32Array.from(imageIds);
  const split = { training: rows.subarray(0, 100), validation: rows.subarray(100), groups: rows };
  const trial = {
    images: split.validation,
    predicted: new Float32Array(40),
    truth: pointsOfImages(dataset, split.validation),
  };

  const scores = scoreBaselines(dataset, predictBaselines(dataset, split), split, trial);
  expect(scores.meanShape).toBeGreaterThan(3);
  expect(scores.nearestNeighbours).toBeLessThan(1.5);
  expect(scores.pcaNearestNeighbours).toBeLessThan(1.5);
  expect(scores.pcaRidge).toBeLessThan(1);
});
