import { describe, expect, test } from 'vitest';
import { leftEye, nose, rightEye } from '../workspace/scratch.ts';
import { change, clientOf, openScratchService, pictures, visible } from './scratch-service.ts';

/** Images 1 to 3; the nose of 1 and both eyes of 2 are placed. */
function open() {
  const service = openScratchService((workspace) => {
    pictures(3)(workspace);
    const after = visible(1, 1);
    workspace.journal.apply({
      actor: { kind: 'human', name: 'ana' },
      changes: [
        { imageId: 1, keypoint: nose, after },
        { imageId: 2, keypoint: leftEye, after },
        { imageId: 2, keypoint: rightEye, after },
      ],
    });
  });
  const { queue } = service.client;
  const ahead = async (input: Partial<Parameters<typeof queue.ahead>[0]>) =>
    (await queue.ahead({ count: 9, ...input })).cells.map((cell) => [cell.imageId, cell.keypoint]);
  return { service, queue, ahead };
}

describe('the cells ahead', () => {
  test('are the missing ones, image by image', async () => {
    const { queue } = open();
    const { cells, remaining } = await queue.ahead({ count: 4 });
    expect(cells.map(({ imageId, keypoint }) => [imageId, keypoint])).toEqual([
      [1, leftEye],
      [1, rightEye],
      [2, nose],
      [3, leftEye],
    ]);
    expect(remaining).toBe(6);
  });

  test('begin behind a cell and come round to it last', async () => {
    const { ahead } = open();
    expect(await ahead({ after: { imageId: 3, keypoint: rightEye } })).toEqual([
      [3, nose],
      [1, leftEye],
      [1, rightEye],
      [2, nose],
      [3, leftEye],
      [3, rightEye],
    ]);
  });

  test('go backwards', async () => {
    const { ahead } = open();
    expect(await ahead({ after: { imageId: 2, keypoint: nose }, backwards: true, count: 3 })).toEqual([
      [1, rightEye],
      [1, leftEye],
      [3, nose],
    ]);
  });

  test('are those of one keypoint in loop mode', async () => {
    const { queue, ahead } = open();
    expect(await ahead({ keypoint: nose })).toEqual([
      [2, nose],
      [3, nose],
    ]);
    expect((await queue.ahead({ keypoint: nose, count: 1 })).remaining).toBe(2);
  });

  test('are those of the images that the filter asks for', async () => {
    const { ahead } = open();
    expect(await ahead({ filter: { keypoint: 'left_eye', state: 'visible' } })).toEqual([[2, nose]]);
  });

  test('keep to an image that the filter no longer asks for until it is done', async () => {
    const { service, ahead } = open();
    const filter = { keypoint: 'left_eye' };
    await service.client.labels.apply({ changes: [change(1, leftEye, visible(1, 1))] });
    expect(await ahead({ filter, after: { imageId: 1, keypoint: leftEye }, count: 2 })).toEqual([
      [1, rightEye],
      [3, leftEye],
    ]);
  });

  test('keep the order that they began with, though labelling changes it', async () => {
    const { service, ahead } = open();
    const order = 'missing';
    expect((await ahead({ order }))[0]).toEqual([3, leftEye]);
    await service.client.labels.apply({
      changes: [change(3, leftEye, visible(1, 1)), change(3, rightEye, visible(1, 1))],
    });
    expect(await ahead({ order, after: { imageId: 3, keypoint: rightEye } })).toEqual([
      [3, nose],
      [1, leftEye],
      [1, rightEye],
      [2, nose],
    ]);
  });

  test('are none when nothing is missing', async () => {
    const { queue } = open();
    const done = await queue.ahead({ filter: { complete: true }, count: 5 });
    expect(done).toEqual({ cells: [], remaining: 0 });
  });
});

test('counts tell what is left, by keypoint, and what the caller has done today', async () => {
  const { service } = open();
  const ana = clientOf(service, 'ana');
  await ana.labels.apply({ changes: [change(3, nose, visible(1, 1))] });
  await ana.labels.undo({});
  await clientOf(service, 'ben').labels.apply({ changes: [change(3, leftEye, visible(1, 1))] });
  expect(await ana.queue.counts({})).toEqual({ cells: 9, remaining: 5, missing: [1, 2, 2], today: 3 });
});

test('of today count cells that were missing, once, and not what was undone', async () => {
  const ana = clientOf(open().service, 'ana');
  const today = async () => (await ana.queue.counts({})).today;
  const before = await today();
  const place = visible(1, 1);
  await ana.labels.apply({ changes: [change(3, nose, place)] });
  await ana.labels.apply({ changes: [change(3, nose, visible(2, 1), place)] });
  expect(await today()).toBe(before + 1);
  await ana.labels.undo({});
  expect(await today()).toBe(before + 1);
  await ana.labels.undo({});
  expect(await today()).toBe(before);
  await ana.labels.redo({});
  expect(await today()).toBe(before + 1);
});
