import { expect, test } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { leftEye, nose, rightEye } from '../workspace/scratch.ts';
import { change, openScratchService, pictures, visible } from './scratch-service.ts';

const training = { kind: 'training' } as const;

/** Images 1 to 6 to train on: all have eyes but the last, one has a nose. A submission asks for noses thrice as often. */
function fill(workspace: Workspace) {
  pictures(6)(workspace);
  const { sources, imports, journal, submissions } = workspace;
  const source = sources.add({ importId: imports.begin('t'), kind: 'training', fileName: 'training.csv' });
  for (let imageId = 1; imageId <= 6; imageId++) sources.addRow(source, { row: imageId + 1, imageId });
  const eyes = [1, 2, 3, 4, 5].flatMap((imageId) =>
    [leftEye, rightEye].map((keypoint) => ({ imageId, keypoint, after: visible(1 + keypoint, 1) })),
  );
  const noses = [{ imageId: 1, keypoint: nose, after: visible(2, 2) }];
  journal.apply({ actor: { kind: 'human', name: 'ana' }, changes: [...eyes, ...noses] });
  submissions.setLookup(
    [nose, nose, nose, leftEye, rightEye].map((keypoint, i) => ({
      ...{ rowId: i + 1, imageKey: '1', keypoint, axis: 'x' as const },
    })),
  );
}

test('a cell is worth its uncertainty, times how often it is asked for, over the labels of its keypoint', async () => {
  const { queue } = openScratchService(fill).client;
  const { cells, remaining } = await queue.next({ filter: training, limit: 100 });
  expect(remaining).toBe(7);
  for (const { score, uncertainty, asked, labels } of cells)
    expect(score).toBeCloseTo((uncertainty * (asked / (5 / 3)) * 6) / (1 + labels), 6);
  expect(cells.map(({ asked, labels }) => [asked, labels])).toEqual([
    ...Array.from({ length: 5 }, () => [3, 1]),
    ...[[1, 5], [1, 5]], // prettier-ignore
  ]);
});

test('a cell of an image that is not trained on is worth nothing, and comes last', async () => {
  const { client } = openScratchService((workspace) => {
    pictures(7)(workspace);
    fill(workspace);
    const { sources, imports } = workspace;
    const source = sources.add({ importId: imports.begin('t'), kind: 'test', fileName: 'test.csv' });
    sources.addRow(source, { row: 2, imageId: 7, imageKey: '1' });
  });
  const { images } = await client.images.page({ order: 'next', limit: 7 });
  expect(images.slice(-2).map(({ id }) => id)).toEqual([1, 7]); // all of image 1 is labelled
});

test('the place in an image without any label is the least certain', async () => {
  const { queue } = openScratchService(fill).client;
  const { cells } = await queue.next({ filter: training, limit: 1 });
  expect(cells[0]).toMatchObject({ imageId: 6, keypoint: nose });
});

test('a run’s passes that are apart make a place uncertain', async () => {
  const { queue } = openScratchService((workspace) => {
    fill(workspace);
    const run = workspace.runs.create({ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId: workspace.snapshots.take().id, config: {}, lineage: {} }); // prettier-ignore
    const metrics = { validation: { perKeypoint: { left_eye: 1, right_eye: 1, nose: 2 } } };
    workspace.runs.update(run.id, { status: 'finished', metrics });
    const spread = Float32Array.from({ length: 18 }, (_, i) => (i === 3 * 3 + nose ? 0.5 : 0.01));
    workspace.predictions.put(run.id, [1, 2, 3, 4, 5, 6], new Float32Array(36), spread);
  }).client;
  const { cells } = await queue.next({ filter: training, limit: 1 });
  expect(cells[0]).toMatchObject({ imageId: 4, keypoint: nose });
  expect(cells[0]!.uncertainty).toBeCloseTo(Math.hypot(2, 0.5 * 24), 4);
});

test('the queue goes through images by what their cells are worth, in loop mode by that keypoint', async () => {
  const { client } = openScratchService(fill);
  const ahead = async (keypoint?: number) => {
    const loop = keypoint === undefined ? {} : { keypoint };
    const { cells } = await client.queue.ahead({ filter: training, order: 'next', count: 7, ...loop });
    return cells.map(({ imageId, keypoint }) => [imageId, keypoint]);
  };
  const worth = (await client.queue.next({ filter: training, limit: 100 })).cells;
  const noses = worth.filter(({ keypoint }) => keypoint === nose).map(({ imageId }) => [imageId, nose]);
  expect(await ahead(nose)).toEqual(noses);
  expect((await ahead()).length).toBe(7);
  await client.labels.apply({ changes: [change(6, nose, visible(1, 2))] });
  expect((await ahead(nose)).map(([imageId]) => imageId)).not.toContain(6);
});
