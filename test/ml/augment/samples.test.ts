import { expect, test } from 'vitest';
import { augmentationChanges, noAugmentation } from '../../../src/domain/recipe.ts';
import { batchFiller, type BatchSource, emptyBatch } from '../../../src/ml/augment/batches.ts';
import { sampleOf, stepsOf, unchangedSample } from '../../../src/ml/augment/samples.ts';
import { pointsOf } from '../../../src/ml/training/targets.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';

const input = { width: 16, height: 16 };
const all = {
  mirror: 0.5,
  rotation: 20,
  scale: 0.2,
  shift: 3,
  blur: 0.6,
  contrast: 0.3,
  brightness: 0.2,
  noise: 0.1,
  cutOut: 0.4,
};
const settings = { input, permutation: [1, 0, 2], augmentation: all, normalisation: 'standardise' } as const;

const imageIds = [31, 32, 33, 34];
const pixels = Uint8Array.from({ length: 4 * 256 }, (_, i) => (i * i) % 251);
const inMemory = picturesInMemory(pixels, 256);
const points = Float32Array.from({ length: 4 * 6 }, (_, i) => (i === 7 || i === 6 ? NaN : (3 * i) % 15));
const pictures = imageIds.map((imageId, i) => ({
  imageId,
  pixels: pixels.subarray(256 * i, 256 * (i + 1)),
  points: points.subarray(6 * i, 6 * (i + 1)),
}));

/** Every sample of an epoch as training makes it, by image. */
function trained(epoch: number, images: number[], batchSize: number) {
  const source: BatchSource = { ...settings, pictures: inMemory.source, points, imageIds, images: Int32Array.from(images), batchSize, seed: 9 }; // prettier-ignore
  const fill = batchFiller(source, inMemory);
  const samples: { picture: Float32Array; points: Float32Array }[] = [];
  const perEpoch = Math.ceil(images.length / batchSize);
  for (let step = epoch * perEpoch; step < (epoch + 1) * perEpoch; step++) {
    const batch = emptyBatch(source);
    fill(step, batch);
    for (let i = 0; i < batchSize; i++)
      samples.push({
        picture: batch.images.slice(256 * i, 256 * (i + 1)),
        points: pointsOf(batch.targets.slice(6 * i, 6 * (i + 1)), input),
      });
  }
  return samples;
}

test.each([
  [[0, 1, 2, 3], 2],
  [[1, 3], 1],
])('a sample is what a run with images %j in batches of %i gets in that epoch', (images, batchSize) => {
  const samples = trained(2, images, batchSize);
  for (const image of images) {
    const shown = sampleOf(pictures[image]!, settings, { seed: 9, epoch: 2 });
    const same = samples.filter(({ picture }) => {
      const gray = Uint8ClampedArray.from(picture, (value) => 48 * value + 128);
      return shown.pixels.every((value, i) => value === gray[i]);
    });
    expect(same).toHaveLength(1);
    shown.points.forEach((value, i) => {
      if (!Number.isNaN(value)) expect(same[0]!.points[i]).toBeCloseTo(value, 4);
    });
  }
});

test('the steps end at the sample, each change on top of those before', () => {
  const steps = stepsOf(pictures[0]!, settings, { seed: 9, epoch: 1 });
  expect(steps.map(({ change }) => change)).toEqual([null, ...augmentationChanges]);
  expect(steps[0]!.sample).toEqual(unchangedSample(pictures[0]!, settings));
  expect(steps.at(-1)!.sample).toEqual(sampleOf(pictures[0]!, settings, { seed: 9, epoch: 1 }));
});

test('changes that are off are no steps', () => {
  const augmentation = { ...noAugmentation, rotation: 10, noise: 0.1 };
  const steps = stepsOf(pictures[0]!, { ...settings, augmentation }, { seed: 9, epoch: 1 });
  expect(steps.map(({ change }) => change)).toEqual([null, 'rotation', 'noise']);
});

test('the matrix of a step says where its points are', () => {
  for (const { matrix, sample } of stepsOf(pictures[2]!, settings, { seed: 9, epoch: 4 }))
    settings.permutation.forEach((partner, k) => {
      const from = sample.mirrored ? partner : k;
      const place = [pictures[2]!.points[2 * from]!, pictures[2]!.points[2 * from + 1]!, 1];
      const [x, y] = matrix.map((row) => row.reduce((sum, value, i) => sum + value * place[i]!, 0));
      if (sample.lost.includes(k)) return;
      expect(x).toBeCloseTo(sample.points[2 * k]!, 4);
      expect(y).toBeCloseTo(sample.points[2 * k + 1]!, 4);
    });
});

test('a point that leaves the picture is lost, one that was missing is not', () => {
  const far = { ...noAugmentation, shift: 40 };
  const sample = sampleOf(pictures[1]!, { ...settings, augmentation: far }, { seed: 1, epoch: 0 });
  expect(sample.points.every(Number.isNaN)).toBe(true);
  expect(sample.lost).toEqual([1, 2]);
});
