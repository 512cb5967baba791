import { describe, expect, test } from 'vitest';
import { ana, firstImport, leftEye, nose } from '../workspace/scratch.ts';
import {
  absent,
  change,
  clientOf,
  missing,
  openScratchService,
  pictures,
  visible,
} from './scratch-service.ts';

/** Image 1 with an imported nose, image 2 without any label. */
function open() {
  const service = openScratchService((workspace) => {
    pictures(2)(workspace);
    const changes = [{ imageId: 1, keypoint: nose, after: visible(1, 2) }];
    workspace.journal.apply({ actor: firstImport, changes });
  });
  const labels = async () => (await service.client.images.get({ ids: [1, 2] })).map((image) => image.labels);
  return { service, client: clientOf(service, 'ana'), labels };
}

test('a checkpoint has a name and tells how many cells were labelled; the latest stands first', async () => {
  const { client } = open();
  const first = await client.checkpoints.create({ name: ' before lunch ' });
  expect(first).toMatchObject({ name: 'before lunch', labels: 1, runs: [] });
  await client.labels.apply({ changes: [change(2, nose, absent)] });
  const second = await client.checkpoints.create({ name: 'after lunch' });
  expect(await client.checkpoints.list()).toEqual([second, first]);
});

test('runs that trained on it are named', async () => {
  const { service } = open();
  const { id } = await service.client.checkpoints.create({ name: 'trained on' });
  const lineage = { engine: 'onnx', preset: 'mlp', seed: 1, config: {}, lineage: {} };
  service.holder.write().runs.create({ ...lineage, snapshotId: id });
  expect((await service.client.checkpoints.list())[0]!.runs).toEqual([1]);
});

describe('going back to a checkpoint', () => {
  test('makes every label as it was, with its author, as one change that can be undone', async () => {
    const { client, labels } = open();
    const { id } = await client.checkpoints.create({ name: 'before' });
    await client.labels.apply({ changes: [change(1, nose, absent, visible(1, 2))] });
    await client.labels.apply({
      changes: [change(1, leftEye, visible(1, 1)), change(2, nose, visible(2, 2))],
    });
    const worked = await labels();

    const { changeId, cells } = await client.checkpoints.restore({ id });
    expect(cells).toBe(3);
    expect(await labels()).toEqual([
      [missing, missing, visible(1, 2)],
      [missing, missing, missing],
    ]);
    const [image] = await client.images.get({ ids: [1] });
    expect(image!.authors[nose]).toEqual(firstImport);
    const [entry] = await client.labels.history({ imageId: 1, keypoint: nose });
    expect(entry).toMatchObject({ changeId, actor: ana, note: 'Back to before' });

    await client.labels.undo({});
    expect(await labels()).toEqual(worked);
  });

  test('changes nothing where the labels are so already', async () => {
    const { client } = open();
    const { id } = await client.checkpoints.create({ name: 'now' });
    expect(await client.checkpoints.restore({ id })).toEqual({ changeId: null, cells: 0, others: [] });
  });

  test('says whose work it would take back before it does, and does it when asked all the same', async () => {
    const { service, client, labels } = open();
    const { id } = await client.checkpoints.create({ name: 'before' });
    const before = await labels();
    await client.labels.apply({ changes: [change(1, leftEye, visible(1, 1))] });
    await clientOf(service, 'ben').labels.apply({
      changes: [change(2, nose, visible(2, 2)), change(2, leftEye, absent)],
    });
    const worked = await labels();

    const asked = await client.checkpoints.restore({ id });
    expect(asked).toEqual({ changeId: null, cells: 0, others: [{ name: 'ben', cells: 2 }] });
    expect(await labels()).toEqual(worked);
    expect(await client.checkpoints.restore({ id, allTheSame: true })).toMatchObject({
      cells: 3,
      others: [],
    });
    expect(await labels()).toEqual(before);
  });

  test('that there is not is NOT_FOUND', async () => {
    const { client } = open();
    await expect(client.checkpoints.restore({ id: 'abc' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is told to who watches', async () => {
    const { service, client } = open();
    const { id } = await client.checkpoints.create({ name: 'before' });
    await client.labels.apply({ changes: [change(2, nose, absent)] });
    const events = await clientOf(service, 'ben').changes();
    await events.next();
    await client.checkpoints.restore({ id });
    expect((await events.next()).value).toMatchObject({
      type: 'labels',
      user: 'ana',
      cells: [{ imageId: 2, keypoint: nose, label: missing }],
    });
    await events.return?.();
  });
});
