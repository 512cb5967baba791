import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImageFilter } from '../../src/contract/cells.ts';
import type { Service } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, ana, firstImport, leftEye, nose, rightEye } from '../workspace/scratch.ts';
import { absent, change, clientOf, idsOf, openScratchService, pictures, visible } from './scratch-service.ts';

/** Pictures here are 4 pixels wide, errors are measured at the 96 that networks read. */
const networkScale = 24;

/** Images 1 to 4 in a training table, 5 in a test table; 1 complete, 2 with the nose, 3 near 1, 5 in the group "ana". */
function fill(workspace: Workspace): void {
  const { sources, imports, journal } = workspace;
  pictures(5)(workspace);
  const importId = imports.begin('faces');
  const training = sources.add({ importId, kind: 'training', fileName: 'training.csv' });
  const test = sources.add({ importId, kind: 'test', fileName: 'test.csv' });
  for (const imageId of [1, 2, 3, 4]) sources.addRow(training, { row: imageId + 1, imageId });
  sources.addRow(test, { row: 2, imageId: 5, imageKey: 'key-77', group: 'ana' });
  journal.apply({
    actor: firstImport,
    changes: [
      { imageId: 1, keypoint: leftEye, after: visible(1, 1) },
      { imageId: 1, keypoint: rightEye, after: visible(2, 1) },
      { imageId: 1, keypoint: nose, after: absent },
      { imageId: 2, keypoint: nose, after: visible(1, 2) },
    ],
  });
}

const matching = async (service: Service, filter: ImageFilter) =>
  idsOf((await service.client.images.page({ filter, limit: 100 })).images);

describe('a page', () => {
  test('holds a part of the images in the order of import, and says how many there are', async () => {
    const { client } = openScratchService(fill);
    const { total, images } = await client.images.page({ offset: 1, limit: 2 });
    expect([total, idsOf(images)]).toEqual([5, [2, 3]]);
    expect(images[0]!.labels).toEqual([{ state: 'missing' }, { state: 'missing' }, visible(1, 2)]);
  });

  test('reversed, begins with the last', async () => {
    const { client } = openScratchService(fill);
    expect(idsOf((await client.images.page({ reversed: true, limit: 2 })).images)).toEqual([5, 4]);
  });

  test('shows a change at once', async () => {
    const { client } = openScratchService(fill);
    await client.images.page({ filter: { keypoint: 'nose' }, limit: 9 });
    await client.labels.apply({ changes: [change(4, nose, visible(2, 2))] });
    const { images } = await client.images.page({ filter: { keypoint: 'nose' }, limit: 9 });
    expect(idsOf(images)).toEqual([3, 5]);
  });
});

describe('a filter asks for images', () => {
  test.each<[string, ImageFilter, number[]]>([
    ['with a keypoint missing', { keypoint: 'nose' }, [3, 4, 5]],
    ['with a keypoint in a state', { keypoint: 'nose', state: 'visible' }, [2]],
    ['with any keypoint in a state', { state: 'absent' }, [1]],
    ['with a label due to somebody', { author: 'import:1' }, [1, 2]],
    ['with a keypoint due to somebody', { keypoint: 'left_eye', author: 'import:1' }, [1]],
    ['with a label due to nobody known', { author: 'human:ben' }, []],
    ['of training tables', { kind: 'training' }, [1, 2, 3, 4]],
    ['of test tables', { kind: 'test' }, [5]],
    ['of one table', { source: 2 }, [5]],
    ['with nothing missing', { complete: true }, [1]],
    ['with something missing', { complete: false }, [2, 3, 4, 5]],
    ['by name in a table', { text: 'KEY-7' }, [5]],
    ['by group', { text: 'ana' }, [5]],
    ['by number', { text: '4' }, [4]],
    ['by several things that hold together', { kind: 'training', keypoint: 'nose', text: '3' }, [3]],
    ['that no run has predicted', { predicted: false }, [1, 2, 3, 4, 5]],
  ])('%s', async (_name, filter, expected) => {
    expect(await matching(openScratchService(fill), filter)).toEqual(expected);
  });

  test('that somebody accepted a proposal on, until they undo it, and that it was a proposal of', async () => {
    const service = openScratchService(fill);
    const asAna = clientOf(service, 'ana');
    const proposed = { ...change(3, nose, visible(2, 2)), author: { kind: 'shape', name: '2' } } as const;
    await asAna.labels.apply({ changes: [proposed] });
    expect(await matching(service, { author: 'human:ana' })).toEqual([3]);
    expect(await matching(service, { author: 'shape:2' })).toEqual([3]);
    expect((await service.client.images.facets()).authors).toContainEqual({ ...ana, images: 1 });
    await asAna.labels.undo({});
    expect(await matching(service, { author: 'human:ana' })).toEqual([]);
    await asAna.labels.redo({});
    expect(await matching(service, { author: 'human:ana' })).toEqual([3]);
  });

  test('that the latest run trains on, or validates on', async () => {
    const service = openScratchService((workspace) => {
      fill(workspace);
      const folder = join(workspace.directory, 'runs', '1');
      mkdirSync(folder, { recursive: true });
      const split = { imageIds: [1, 2, 4], training: [0, 2], validation: [1], groups: [0, 1, 2] };
      writeFileSync(join(folder, 'split.json'), JSON.stringify(split));
      createRun(workspace);
    });
    expect(await matching(service, { split: 'training' })).toEqual([1, 4]);
    expect(await matching(service, { split: 'validation' })).toEqual([2]);
  });

  test('that the latest finished run has predicted', async () => {
    const service = openScratchService((workspace) => {
      fill(workspace);
      const run = createRun(workspace);
      workspace.runs.update(run.id, { status: 'finished' });
      workspace.predictions.put(run.id, [2, 5], new Float32Array(12));
    });
    expect(await matching(service, { predicted: true })).toEqual([2, 5]);
  });

  test('a keypoint that there is not is an error that names those that there are', async () => {
    const { client } = openScratchService(fill);
    await expect(client.images.page({ filter: { keypoint: 'chin' }, limit: 1 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      data: { found: 'chin', expected: 'left_eye, right_eye, nose' },
    });
  });
});

describe('near duplicates', () => {
  const alike = (workspace: Workspace) => {
    const picture = (brightest: number, lift: number) => {
      const pixels = Uint8Array.from({ length: 16 }, (_, i) => (i === brightest ? 250 : 10 * i) + lift);
      return workspace.images.add({ width: 4, height: 4, pixels }).id;
    };
    return [picture(2, 0), picture(9, 0), picture(2, 1)];
  };

  test('are named by the first of them', async () => {
    const service = openScratchService(alike);
    const { images } = await service.client.images.page({ limit: 9 });
    expect(images.map(({ duplicateGroup }) => duplicateGroup)).toEqual([1, null, 1]);
    expect(await matching(service, { duplicates: 'any' })).toEqual([1, 3]);
    expect(await matching(service, { duplicates: 1 })).toEqual([1, 3]);
  });

  test('stand side by side when ordered so, and so do those of one person', async () => {
    const service = openScratchService((workspace) => {
      alike(workspace);
      const fourth = addPicture(workspace, 3);
      const source = workspace.sources.add({
        importId: workspace.imports.begin('faces'),
        kind: 'training',
        fileName: 'training.csv',
      });
      for (const [row, imageId] of [2, fourth].entries())
        workspace.sources.addRow(source, { row, imageId, group: 'ben' });
    });
    const { images } = await service.client.images.page({ order: 'similar', limit: 9 });
    expect(idsOf(images)).toEqual([1, 3, 2, 4]);
  });
});

describe('an order', () => {
  test('by missing keypoints begins with the most', async () => {
    const { client } = openScratchService(fill);
    const { images } = await client.images.page({ order: 'missing', limit: 9 });
    expect(idsOf(images)).toEqual([3, 4, 5, 2, 1]);
  });

  test('by change begins with the last', async () => {
    const { client } = openScratchService(fill);
    await client.images.page({ order: 'changed', limit: 9 });
    await client.labels.apply({ changes: [change(4, nose, visible(2, 2))] });
    const { images } = await client.images.page({ order: 'changed', limit: 9 });
    expect(idsOf(images)).toEqual([4, 2, 1, 3, 5]);
  });

  test.each([
    [{}, 3],
    [{ reversed: true }, 1],
    [{ order: 'missing' as const }, 1],
    [{ filter: { keypoint: 'nose' } }, 1],
    [{ filter: { complete: true } }, null],
  ])('an image stands at its position: %o', async (selected, expected) => {
    const { client } = openScratchService(fill);
    expect(await client.images.position({ ...selected, imageId: 4 })).toBe(expected);
  });
});

describe('an image for the editor', () => {
  test('comes with its rows, authors and near duplicates, in the order asked for', async () => {
    const { client } = openScratchService(fill);
    const [fifth, first] = await client.images.get({ ids: [5, 1] });
    expect(fifth).toMatchObject({
      id: 5,
      rows: [{ file: 'test.csv', row: 2, key: 'key-77', group: 'ana' }],
      authors: [null, null, null],
      duplicates: [],
      companions: [],
      prediction: null,
    });
    expect(first!.authors).toEqual([firstImport, firstImport, firstImport]);
  });

  test('comes with the other images of its person or video, whichever table names them', async () => {
    const { client } = openScratchService((workspace) => {
      fill(workspace);
      const add = (fileName: string, group: string, imageIds: number[]) => {
        const source = workspace.sources.add({ importId: 1, kind: 'training', fileName });
        for (const [row, imageId] of imageIds.entries())
          workspace.sources.addRow(source, { row, imageId, group });
      };
      add('video.csv', 'clip 7', [4, 2, 1]);
      add('people.csv', 'ana', [2, 5]);
    });
    const images = await client.images.get({ ids: [2, 1, 3] });
    expect(images.map(({ companions }) => companions)).toEqual([[1, 4, 5], [2, 4], []]);
  });

  test('comes with what the latest run that knows it says', async () => {
    const { client } = openScratchService((workspace) => {
      fill(workspace);
      const [first, second] = [createRun(workspace), createRun(workspace)];
      workspace.runs.update(first.id, {
        status: 'finished',
        metrics: { validation: { perKeypoint: { left_eye: 1.5, right_eye: null, nose: 2 } } },
      });
      workspace.predictions.put(first.id, [2], Float32Array.of(1, 2, 3, 4, 5, 6));
      workspace.predictions.put(second.id, [3], new Float32Array(6));
    });
    const [image] = await client.images.get({ ids: [2] });
    expect(image!.prediction).toEqual({
      runId: 1,
      points: [
        { x: 1, y: 2, expectedError: 1.5 / networkScale, within: null },
        { x: 3, y: 4, expectedError: null, within: null },
        { x: 5, y: 6, expectedError: 2 / networkScale, within: null },
      ],
    });
  });

  test('is NOT_FOUND where there is none', async () => {
    const { client } = openScratchService(fill);
    await expect(client.images.get({ ids: [9] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no image 9.',
    });
  });
});

test('the matrix counts states by keypoint, over the images of a filter', async () => {
  const { client } = openScratchService(fill);
  const matrix = await client.images.matrix({ filter: { kind: 'training' } });
  expect(matrix).toEqual({
    images: 4,
    complete: 1,
    keypoints: [
      { missing: 3, visible: 1, occluded: 0, absent: 0 },
      { missing: 3, visible: 1, occluded: 0, absent: 0 },
      { missing: 2, visible: 1, occluded: 0, absent: 1 },
    ],
  });
});

test('facets name what there is to filter by', async () => {
  const service = openScratchService(fill);
  await clientOf(service, 'ana').labels.apply({
    changes: [change(2, leftEye, visible(1, 1)), change(3, leftEye, visible(1, 1))],
  });
  await clientOf(service, 'ana').labels.apply({ changes: [change(3, nose, visible(1, 1))] });
  expect(await service.client.images.facets()).toEqual({
    authors: [
      { ...firstImport, images: 2 },
      { ...ana, images: 2 },
    ],
    sources: [
      { id: 1, file: 'training.csv', kind: 'training', images: 4 },
      { id: 2, file: 'test.csv', kind: 'test', images: 1 },
    ],
    duplicateGroups: 0,
    disputed: 0,
    splitRun: null,
    predictedRun: null,
  });
});

describe('the heat map', () => {
  test('counts labels by place, keypoint by keypoint', async () => {
    const { client } = openScratchService(fill);
    const { columns, rows, keypoints } = await client.images.heat({});
    // (1, 2) is the middle of the second pixel of four across, and of the third down.
    const at = (x: number, y: number) => ((y + 0.5) / 4) * rows * columns + ((x + 0.5) / 4) * columns;
    expect(keypoints[nose]![at(1, 2)]).toBe(1);
    expect(keypoints.map((counts) => counts.reduce((sum, count) => sum + count))).toEqual([1, 1, 1]);
  });

  test('shows the mean face of the images selected', async () => {
    const { client } = openScratchService((workspace) => {
      workspace.images.add({ width: 2, height: 2, pixels: Uint8Array.of(0, 100, 200, 40) });
      workspace.images.add({ width: 2, height: 2, pixels: Uint8Array.of(10, 200, 100, 40) });
    });
    const { face } = await client.images.heat({});
    const { width, height, pixels } = face;
    expect(face.images).toBe(2);
    const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((i) => pixels[i]);
    expect(corners).toEqual([5, 150, 150, 40]);
    expect((await client.images.heat({ filter: { text: '2' } })).face.pixels[0]).toBe(10);
  });

  test('of no image is empty', async () => {
    const { client } = openScratchService(fill);
    const { face } = await client.images.heat({ filter: { text: 'nobody' } });
    expect([face.images, Math.max(...face.pixels)]).toEqual([0, 0]);
  });
});

test('what another process imports and labels beside a service that only reads is seen', async () => {
  const service = openScratchService(pictures(1));
  expect(await matching(service, { keypoint: 'nose' })).toEqual([1]);
  const other = Workspace.open(service.holder.directory);
  addPicture(other, 7);
  const after = visible(1, 1);
  other.journal.apply({ actor: firstImport, changes: [{ imageId: 1, keypoint: nose, after }] });
  other.close();
  expect(await matching(service, { keypoint: 'nose' })).toEqual([2]);
});

test('labels cannot be changed while another process has the workspace: the error names it', async () => {
  const service = openScratchService(pictures(1));
  const other = Workspace.open(service.holder.directory);
  const label = clientOf(service, 'ana').labels.apply({ changes: [change(1, nose, visible(1, 1))] });
  await expect(label).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining(`Process ${process.pid}`) as string,
  });
  other.close();
});

function createRun(workspace: Workspace) {
  const snapshotId = workspace.snapshots.take().id;
  return workspace.runs.create({
    engine: 'onnx',
    preset: 'custom',
    seed: 1,
    snapshotId,
    config: {},
    lineage: {},
  });
}
