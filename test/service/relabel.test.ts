import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { firstImport, leftEye, nose, rightEye, scratchDirectory } from '../workspace/scratch.ts';
import {
  absent,
  change,
  clientOf,
  missing,
  openScratchService,
  pictures,
  visible,
} from './scratch-service.ts';

beforeEach(() => {
  vi.stubEnv('FIDUCIAL_CONFIG', scratchDirectory());
});

/** Images 1 to 60; the noses of the first ten were imported. */
function noses(workspace: Workspace): void {
  pictures(60)(workspace);
  const changes = Array.from({ length: 10 }, (_, i) => ({
    imageId: i + 1,
    keypoint: nose,
    after: visible(1, 2),
  }));
  workspace.journal.apply({ actor: firstImport, changes });
}

/** A service on these, and ana, who has labelled so many left eyes. */
async function open(labelled: number) {
  const service = openScratchService(noses);
  const client = clientOf(service, 'ana');
  const changes = Array.from({ length: labelled }, (_, i) => change(i + 1, leftEye, visible(1, 1)));
  await client.labels.apply({ changes });
  return { service, client };
}

describe('a cell to show blind', () => {
  test('is due when the person has labelled fifty', async () => {
    const { client } = await open(49);
    expect(await client.relabel.next({})).toBeNull();
    await client.labels.apply({ changes: [change(50, leftEye, visible(1, 1))] });
    expect(await client.relabel.next({})).not.toBeNull();
  });

  test('is one that they have not had before their eyes lately', async () => {
    const { client } = await open(50);
    const cell = await client.relabel.next({});
    expect(cell!.keypoint).toBe(nose);
    expect(cell!.imageId).toBeLessThanOrEqual(10);
  });

  test('stays the same until it is answered; then fifty more cells are labelled first', async () => {
    const { client } = await open(50);
    const cell = (await client.relabel.next({}))!;
    expect(await client.relabel.next({})).toEqual(cell);
    await client.relabel.answer({ ...cell, x: 1, y: 1 });
    expect(await client.relabel.next({})).toBeNull();
  });

  test('is of the images and the keypoint asked for', async () => {
    const { client } = await open(50);
    expect(await client.relabel.next({ filter: { text: '7' } })).toEqual({ imageId: 7, keypoint: nose });
    expect(await client.relabel.next({ keypoint: leftEye })).toBeNull();
  });

  test('is never due for who has labelled nothing, or has switched it off', async () => {
    const { service, client } = await open(50);
    expect(await clientOf(service, 'ben').relabel.next({})).toBeNull();
    await client.settings.set({ key: 'relabel', value: false });
    expect(await client.relabel.next({})).toBeNull();
  });
});

describe('an answer', () => {
  test('tells the label and how far it is from it, and changes nothing', async () => {
    const { client } = await open(1);
    const answer = await client.relabel.answer({ imageId: 3, keypoint: nose, x: 1.3, y: 2.4 });
    expect(answer).toEqual({
      id: 1,
      pixels: expect.closeTo(0.5) as number,
      label: visible(1, 2),
      author: firstImport,
    });
    const [image] = await client.images.get({ ids: [3] });
    expect(image!.labels[nose]).toEqual(visible(1, 2));
    expect(await client.labels.history({ imageId: 3, keypoint: nose })).toHaveLength(1);
  });

  test('that was a slip is taken back by who gave it: it counts for nothing, and the cell is not asked again', async () => {
    const { service, client } = await open(50);
    const cell = (await client.relabel.next({}))!;
    const { id } = await client.relabel.answer({ ...cell, x: 3, y: 3 });
    await expect(clientOf(service, 'ben').relabel.withdraw({ id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await client.relabel.withdraw({ id });
    expect((await client.relabel.report()).people).toMatchObject([{ user: null, answers: 0 }]);
    const changes = Array.from({ length: 50 }, (_, i) => change(i + 1, rightEye, visible(2, 1)));
    await client.labels.apply({ changes });
    const next = await client.relabel.next({ filter: { text: String(cell.imageId) }, keypoint: nose });
    expect(next?.imageId).not.toBe(cell.imageId);
  });

  test('on a cell that has no place is refused', async () => {
    const { client } = await open(1);
    const place = { x: 1, y: 1 };
    await expect(client.relabel.answer({ imageId: 20, keypoint: nose, ...place })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await client.labels.apply({ changes: [change(3, nose, absent, visible(1, 2))] });
    await expect(client.relabel.answer({ imageId: 3, keypoint: nose, ...place })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(client.relabel.answer({ imageId: 99, keypoint: nose, ...place })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the report', () => {
  test('gives the error of each person and of all together, by keypoint', async () => {
    const { service, client } = await open(1);
    const ben = clientOf(service, 'ben');
    await client.relabel.answer({ imageId: 1, keypoint: nose, x: 1.3, y: 2.4 }); // 0.5 off
    await client.relabel.answer({ imageId: 2, keypoint: nose, x: 1, y: 2 });
    await ben.relabel.answer({ imageId: 1, keypoint: leftEye, x: 1, y: 2 }); // 1 off
    const { people } = await client.relabel.report();
    expect(people.map(({ user, answers }) => [user, answers])).toEqual([
      [null, 3],
      ['ana', 2],
      ['ben', 1],
    ]);
    // Over coordinates, as the competition scores.
    expect(people[1]!.rmse).toBeCloseTo(Math.sqrt(0.25 / 4));
    expect(people[2]!.keypoints[leftEye]).toEqual({
      answers: 1,
      rmse: expect.closeTo(Math.SQRT1_2) as number,
    });
    expect(people[2]!.keypoints[nose]).toEqual({ answers: 0, rmse: null });
    expect(people[0]!.rmse).toBeCloseTo(Math.sqrt(1.25 / 6));
  });

  test('keeps the error as it was, whatever becomes of the label', async () => {
    const { client } = await open(1);
    await client.relabel.answer({ imageId: 1, keypoint: nose, x: 1, y: 3 });
    await client.labels.apply({ changes: [change(1, nose, missing, visible(1, 2))] });
    expect((await client.relabel.report()).people[0]!.rmse).toBeCloseTo(Math.SQRT1_2);
  });

  test('is empty at first', async () => {
    const { client } = await open(1);
    const keypoint = { answers: 0, rmse: null };
    expect(await client.relabel.report()).toEqual({
      people: [{ user: null, answers: 0, rmse: null, keypoints: [keypoint, keypoint, keypoint] }],
    });
  });
});
