import { describe, expect, test } from 'vitest';
import type { RollSource } from '../../../src/renderer/label/roll.ts';
import { imagesOf, lacking, Roll } from '../../../src/renderer/label/roll.ts';
import { drawWorkspace, open, pageOf } from './bench.ts';
import { keypoint } from '../../fixtures/faces.ts';

const eye = keypoint('left_eye_center');

/** Hundred images; the left eye's centre is missing in every other one, beginning with image 1. */
function images() {
  const service = open(drawWorkspace(100, (image, k) => k === eye && image % 2 === 0));
  return pageOf(service, 'ana');
}

async function walk(roll: Roll, by: 1 | -1, steps = 1000): Promise<(number | undefined)[]> {
  const seen = [roll.current];
  while (steps-- > 0 && (await roll.step(by))) seen.push(roll.current);
  return seen;
}

const range = (from: number, to: number, by = 1) =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

describe('of all images selected', () => {
  test('goes from the first to the last, and ends there', async () => {
    const roll = new Roll(imagesOf(images(), {}));
    await roll.start();
    expect(await walk(roll, 1)).toEqual(range(1, 100));
  });

  test('goes back from any image to the first', async () => {
    const roll = new Roll(imagesOf(images(), {}));
    await roll.start(80);
    expect(await walk(roll, -1)).toEqual(range(1, 80).reverse());
  });

  test('an image labelled meanwhile stays where it was', async () => {
    const client = images();
    const roll = new Roll(imagesOf(client, { filter: { keypoint: 'left_eye_center' } }));
    await roll.start();
    for (let i = 0; i < 45; i++) {
      const after = { state: 'visible' as const, x: 60, y: 40 };
      await client.labels.apply({
        changes: [{ imageId: roll.current!, keypoint: eye, before: { state: 'missing' }, after }],
      });
      expect(await roll.step(1)).toBe(true);
    }
    expect(roll.current).toBe(91);
    expect(await walk(roll, -1)).toEqual(range(1, 91, 2).reverse());
  });

  test('begins with an image that is asked for though it is not selected', async () => {
    const roll = new Roll(imagesOf(images(), { filter: { keypoint: 'left_eye_center' } }));
    await roll.start(50);
    expect(await walk(roll, 1, 3)).toEqual([50, 1, 3, 5]);
  });
});

describe('of one keypoint', () => {
  test('goes through the images that lack it', async () => {
    const roll = new Roll(lacking(images(), {}, eye));
    await roll.start();
    expect(await walk(roll, 1)).toEqual(range(1, 99, 2));
  });

  test('goes on from an image in its middle, and back', async () => {
    const roll = new Roll(lacking(images(), {}, eye));
    await roll.start(9);
    expect(await walk(roll, 1, 2)).toEqual([9, 11, 13]);
    await walk(roll, -1, 2);
    expect(await walk(roll, -1, 2)).toEqual([9, 7, 5]);
  });
});

test('two steps at once ask once for what comes next', async () => {
  const asked: boolean[] = [];
  const source: RollSource = {
    around: () => Promise.resolve({ ids: [1], at: 0 }),
    beyond: (ids, backwards) => {
      asked.push(backwards);
      return Promise.resolve(ids.length > 1 ? [] : [2, 3]);
    },
  };
  const roll = new Roll(source);
  await roll.start();
  await Promise.all([roll.step(1), roll.step(1)]);
  expect(roll.current).toBe(3);
  expect(asked).toEqual([false]);
});
