import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { predictFromPlaced } from '../../src/domain/shape-model.ts';
import { randomStream } from '../../src/domain/random.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { firstImport, leftEye, nose } from '../workspace/scratch.ts';
import { change, idsOf, openScratchService, pictures, visible } from './scratch-service.ts';

/** 40 faces, nearly alike; the nose of image 7 is at the forehead. */
function faces(workspace: Workspace): void {
  pictures(40)(workspace);
  const random = randomStream(3);
  const near = (x: number, y: number) => visible(x + 0.05 * random.normal(), y + 0.05 * random.normal());
  workspace.journal.apply({
    actor: firstImport,
    changes: workspace.images.ids().flatMap((imageId) => [
      { imageId, keypoint: 0, after: near(2.5, 1) },
      { imageId, keypoint: 1, after: near(0.5, 1) },
      { imageId, keypoint: 2, after: imageId === 7 ? near(1.5, 0) : near(1.5, 2.5) },
    ]),
  });
}

describe('the shape of the faces', () => {
  test('predicts a missing point, with its error measured on the labels', async () => {
    const { client } = openScratchService(faces);
    const shape = await client.images.shape();
    expect(shape.images).toBe(39); // the wrong one is set aside
    const size = { width: 4, height: 4 };
    const guess = predictFromPlaced(shape, [2.5, 1, 0.5, 1, NaN, NaN], size)[nose]!;
    expect(Math.hypot(guess.x - 1.5, guess.y - 2.5)).toBeLessThan(0.1);
    expect(shape.shapeErrors[nose]).toBeLessThan(0.15);
    expect(shape.mirrorErrors[leftEye]).toBeLessThan(0.2);
    expect(shape.mirrorErrors[nose]).toBeNull();
  });

  test('is nothing where nothing is labelled', async () => {
    const { client } = openScratchService(pictures(3));
    expect(await client.images.shape()).toMatchObject({ images: 0, shapeErrors: [null, null, null] });
  });

  test('is fitted anew when much has been labelled since', async () => {
    const { client } = openScratchService(pictures(80));
    expect((await client.images.shape()).images).toBe(0);
    const few = Array.from({ length: 6 }, (_, i) => change(i + 1, nose, visible(1, 1)));
    await client.labels.apply({ changes: few });
    await expect.poll(async () => (await client.images.shape()).images).toBe(6);
    await client.labels.undo({});
    const changes = Array.from({ length: 240 }, (_, i) =>
      change(1 + Math.floor(i / 3), i % 3, visible(1 + (i % 3), 1)),
    );
    await client.labels.apply({ changes });
    await expect.poll(async () => (await client.images.shape()).images).toBe(80);
  });
});

describe('outliers', () => {
  test('come first when ordered so, each with its strangest label', async () => {
    const { client } = openScratchService(faces);
    const { images } = await client.images.page({ order: 'outlier', limit: 2 });
    expect(idsOf(images)[0]).toBe(7);
    expect(images[0]!.outlier).toMatchObject({ keypoint: nose });
    expect(images[0]!.outlier!.pixels).toBeCloseTo(2.5, 0);
    expect(images[0]!.outlier!.deviations).toBeGreaterThan(6);
  });

  test('of one keypoint come first where its labels are selected', async () => {
    const { client } = openScratchService(faces);
    const { images: all } = await client.images.page({ limit: 20 });
    await client.labels.apply({ changes: [change(20, leftEye, visible(0, 3), all[19]!.labels[leftEye])] });
    const { schema } = await client.workspace.outline();
    const strangest = async (keypoint: number) => {
      const filter = { keypoint: schema.keypoints[keypoint]!, state: 'visible' } as const;
      const [first] = (await client.images.page({ filter, order: 'outlier', limit: 1 })).images;
      return [first!.id, first!.outlier!.keypoint];
    };
    expect(await strangest(nose)).toEqual([7, nose]);
    expect(await strangest(leftEye)).toEqual([20, leftEye]);
  });

  test('are such no longer once they are mended', async () => {
    const { client } = openScratchService(faces);
    const [worst] = (await client.images.page({ order: 'outlier', limit: 1 })).images;
    await client.labels.apply({ changes: [change(7, nose, visible(1.5, 2.5), worst!.labels[nose])] });
    expect(idsOf((await client.images.page({ order: 'outlier', limit: 1 })).images)).not.toEqual([7]);
  });

  test('are known a moment after the first page, of which who watches is told', async () => {
    const { client } = openScratchService(faces);
    const events = await client.changes();
    await events.next();
    const first = await client.images.page({ limit: 7 });
    expect(first.images.every(({ outlier }) => outlier === null)).toBe(true);
    expect((await events.next()).value).toEqual({ type: 'images' });
    const again = await client.images.page({ limit: 7 });
    expect(again.images.every(({ outlier }) => outlier !== null)).toBe(true);
    await events.return?.();
  });

  test('are looked for in vain when the service ends meanwhile', async () => {
    const service = openScratchService(faces);
    await service.client.images.page({ limit: 1 });
    await service.close();
    await setTimeout(20);
    expect(service.holder.opened).toBeUndefined();
  });
});
