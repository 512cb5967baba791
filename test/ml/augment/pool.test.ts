import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type BatchSource, batchFiller, emptyBatch, stepsPerEpoch } from '../../../src/ml/augment/batches.ts';
import { changePixelsIn, compilePixelKernel } from '../../../src/ml/augment/pixel-kernel.ts';
import { BatchPool } from '../../../src/ml/augment/pool.ts';
import { noAugmentation } from '../../../src/domain/recipe.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';
import { countedPictures } from './counted-pictures.ts';

// Five 8x8 images with one keypoint, each image's number told by its gray value; the last one's keypoint is missing.
const side = 8;
const pixels = Uint8Array.from({ length: 5 * side * side }, (_, i) => 51 * Math.floor(i / (side * side)));
const pictures = picturesInMemory(pixels, side * side);
const source: BatchSource = {
  input: { width: side, height: side },
  permutation: [0],
  augmentation: noAugmentation,
  normalisation: 'unit',
  pictures: pictures.source,
  points: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, NaN, NaN),
  imageIds: [11, 12, 13, 14, 15],
  images: Int32Array.of(0, 1, 2, 3, 4),
  batchSize: 2,
  seed: 7,
};
const noisy = { ...source, augmentation: { ...source.augmentation, noise: 0.2, rotation: 30 } };

const imagesOf = (images: Float32Array) =>
  Array.from({ length: images.length / side ** 2 }, (_, i) => Math.round(5 * images[i * side ** 2]!));
const inKernel = await changePixelsIn(await compilePixelKernel(), source.input);
const fill = (from: BatchSource, step: number) => {
  const batch = emptyBatch(from);
  batchFiller(from, pictures, inKernel)(step, batch);
  return batch;
};

let pool: BatchPool | undefined;
afterEach(() => pool?.close());

test('an epoch shows every image, and fills its last batch with its first image', () => {
  expect(stepsPerEpoch(source)).toBe(3);
  const shown = [0, 1, 2].flatMap((step) => imagesOf(fill(source, step).images));
  expect(new Set(shown.slice(0, 5)).size).toBe(5);
  expect(shown[5]).toBe(shown[0]);
});

test('epochs have different orders', () => {
  const epoch = (first: number) => [0, 1, 2].flatMap((step) => imagesOf(fill(source, first + step).images));
  expect(epoch(0)).not.toEqual(epoch(3));
});

test('a batch larger than the data repeats it', () => {
  expect(imagesOf(fill({ ...source, batchSize: 10 }, 0).images).toSorted()).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
  ]);
});

test('a missing keypoint is masked, and its target is no NaN', () => {
  const batch = fill({ ...source, images: Int32Array.of(4) }, 0);
  expect([...batch.mask]).toEqual([0, 0, 0, 0]);
  expect([...batch.targets]).toEqual([0, 0, 0, 0]);
});

test.each([1, 3])('a pool of %d threads gives the batches of the steps, in order', async (workers) => {
  pool = new BatchPool(noisy, 0, workers);
  for (let step = 0; step < 20; step++) expect(await pool.next()).toEqual(fill(noisy, step));
});

test('a pool that starts at a later step gives that step', async () => {
  pool = new BatchPool(noisy, 17, 1);
  expect(await pool.next()).toEqual(fill(noisy, 17));
});

test('a thread that fails fails the reader', async () => {
  pool = new BatchPool({ ...source, pictures: { ...pictures.source, given: {} } }, 0, 1);
  await expect(pool.next()).rejects.toThrow();
});

test('no more is prepared than the trainer will soon take: one batch at hand and four behind it, however many images there are', async () => {
  const { source: counted, reads } = countedPictures(side * side);
  const images = Int32Array.from({ length: 100_000 }, (_, i) => i);
  const points = new Float32Array(2 * images.length).fill(3);
  pool = new BatchPool({ ...source, pictures: counted, points, imageIds: [...images], images }, 0, 1);
  const settled = async () => {
    let before: number;
    do {
      before = Atomics.load(reads, 0);
      await setTimeout(100);
    } while (before === 0 || Atomics.load(reads, 0) > before);
    return before / source.batchSize;
  };
  expect(await settled()).toBe(5);
  await pool.next();
  expect(await settled()).toBe(6);
});
