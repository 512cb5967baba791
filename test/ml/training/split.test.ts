import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { face15 } from '../../../src/domain/schema.ts';
import { groupAlike, likenessFeatures } from '../../../src/ml/training/alike.ts';
import type { Dataset } from '../../../src/ml/training/dataset.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';
import { splitImages } from '../../../src/ml/training/split.ts';

const input = { width: 32, height: 32 };
const size = 32 * 32;
const schema = { ...face15, keypoints: ['nose', 'chin'], mirrorPairs: [], skeleton: [] };

/** `people` smooth random pictures, each seen `views` times with noise. Every third person's rows lack the chin. */
function crowd(people: number, views: number): Dataset {
  const images = people * views;
  const pixels = new Uint8Array(images * size);
  const points = new Float32Array(images * 4);
  for (let image = 0; image < images; image++) {
    const person = Math.floor(image / views);
    const random = randomStream(person);
    const blocks = Array.from({ length: 64 }, () => 255 * random.uniform());
    const noise = randomStream(1000, image);
    for (let i = 0; i < size; i++) {
      const block = (Math.floor(i / 32) >> 2) * 8 + ((i % 32) >> 2);
      pixels[image * size + i] = 0.8 * blocks[block]! + 50 * noise.uniform();
    }
    points.set([1, 1, ...(person % 3 === 0 ? [NaN, NaN] : [2, 2])], image * 4);
  }
  const imageIds = Array.from({ length: images }, (_, i) => i + 1);
  const pictures = picturesInMemory(pixels, size);
  return { schema, input, imageIds, pictures, points, together: [], asked: null };
}

const featuresOf = ({ pictures, imageIds }: Dataset) => likenessFeatures(pictures, imageIds.length, input);

describe('groups', () => {
  test('pictures of one person are one group, other people other groups', () => {
    const groups = groupAlike(featuresOf(crowd(20, 5)), [], 0.7);
    expect([...groups]).toEqual(Array.from({ length: 100 }, (_, i) => 5 * Math.floor(i / 5)));
  });

  test('images known to belong together are one group, however different', () => {
    const groups = groupAlike(featuresOf(crowd(20, 5)), [[0, 99]], 0.7);
    expect(groups[99]).toBe(0);
    expect(groups[95]).toBe(0);
  });

  test('a chain of pictures, each like the next only, is not one group', () => {
    // A bright bar that moves by one block a picture.
    const pixels = new Uint8Array(16 * size);
    for (let image = 0; image < 16; image++)
      for (let i = 0; i < size; i++) pixels[image * size + i] = Math.abs((i % 32) - 2 * image) < 6 ? 255 : 0;
    const features = likenessFeatures(picturesInMemory(pixels, size), 16, input);
    expect(new Set(groupAlike(features, [], 0.7)).size).toBeGreaterThan(3);
  });
});

describe('validation', () => {
  const dataset = crowd(60, 4);
  const split = splitImages(dataset, { validation: 0.15, seed: 1 });

  test('every image is on exactly one side', () => {
    expect([...split.training, ...split.validation].toSorted((a, b) => a - b)).toEqual([
      ...split.groups.keys(),
    ]);
  });

  test('no group is on both sides', () => {
    const training = new Set(Array.from(split.training, (image) => split.groups[image]));
    for (const image of split.validation) expect(training.has(split.groups[image])).toBe(false);
  });

  test('about 15 % of complete and of partly labelled images validate', () => {
    const part = [...split.validation].filter((image) => Number.isNaN(dataset.points[4 * image + 2]!)).length;
    expect(part / 80).toBeCloseTo(0.15, 1);
    expect((split.validation.length - part) / 160).toBeCloseTo(0.15, 1);
  });

  test('a seed decides', () => {
    expect(splitImages(dataset, { validation: 0.15, seed: 1 })).toEqual(split);
    expect(splitImages(dataset, { validation: 0.15, seed: 2 }).validation).not.toEqual(split.validation);
  });

  test('folds hold every image out once', () => {
    const folds = [0, 1, 2].map((fold) => splitImages(dataset, { fold, folds: 3, seed: 1 }).validation);
    expect(folds.flatMap((fold) => [...fold]).toSorted((a, b) => a - b)).toEqual([...split.groups.keys()]);
    for (const fold of folds) expect(fold.length).toBeGreaterThan(60);
  });

  test('pictures that are all alike are still split', () => {
    const { validation } = splitImages(crowd(1, 40), { validation: 0.15, seed: 1 });
    expect(validation.length).toBe(6);
  });

  test('a single image cannot be split', () => {
    expect(() => splitImages(crowd(1, 1), { validation: 0.15, seed: 1 })).toThrow(/cannot be split/);
  });
});
