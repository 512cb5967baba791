/** On the drawn faces with labels made wrong, and a network that has hardly learned anything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPlaced } from '../../src/domain/label.ts';
import { face15, mirrorPermutation } from '../../src/domain/schema.ts';
import { openService, type Service } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { smallConfig } from '../trainer/spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-suspects-'));
let service: Service;
const swappedImages = [20, 60, 130];

beforeAll(async () => {
  const workspace = Workspace.open(folder, { create: true });
  workspace.close();
  service = openService(folder);
  await ended(await service.client.sample.import());
  for (const imageId of swappedImages) await swapSides(imageId);
  const { spec, recipe } = smallConfig('');
  const { runId } = await service.client.runs.start({ spec, recipe, epochs: 2, seed: 1 });
  await ended(await service.client.runs.watch({ run: runId }));
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function ended(events: AsyncIterator<unknown>): Promise<void> {
  while (!(await events.next()).done);
}

const list = (limit = 100) => service.client.suspects.list({ run: 'latest', limit });
const labelsOf = async (imageId: number) => (await service.client.images.get({ ids: [imageId] }))[0]!.labels;

async function swapSides(imageId: number) {
  const labels = await labelsOf(imageId);
  const partner = mirrorPermutation(face15);
  const changes = labels.flatMap((before, keypoint) => {
    const after = labels[partner[keypoint]!]!;
    return partner[keypoint] === keypoint ? [] : [{ imageId, keypoint, before, after }];
  });
  await service.client.labels.apply({ changes });
}

test('labels made wrong come first, with what is wrong and where it stands in its table', async () => {
  const { suspects } = await list(10); // Some of the drawn faces are wrong by themselves.
  const made = suspects.filter(({ image }) => swappedImages.includes(image.id));
  expect(made).toHaveLength(swappedImages.length);
  for (const { kind, rows, reason, image, expected } of made) {
    expect(kind).toBe('swapped');
    expect(reason).toMatch(/^left and right are swapped: \w+ is \d+\.\d px off, usually \d+\.\d$/);
    expect(rows[0]).toMatchObject({ row: image.id + 1 });
    expect(expected.filter(Boolean)).toHaveLength(15);
  }
});

test('every image is judged once, by a run only where that has held the image out', async () => {
  const { judged, sources, suspects } = await list(500);
  const { validationImages } = await service.client.runs.get({ run: 'latest' });
  const run = sources.findIndex(({ runId }) => runId === 1);
  expect(sources[run]!.images).toBe(validationImages);
  expect(new Set(suspects.map(({ image }) => image.id)).size).toBe(judged);
  const { images } = await service.client.images.page({ filter: { split: 'validation' }, limit: 500 });
  const held = new Set(images.map(({ id }) => id));
  expect(suspects.filter(({ source, image }) => source === run && !held.has(image.id))).toEqual([]);
});

test('a label that is right does not come again, until it is moved or the verdict is withdrawn', async () => {
  const { suspects } = await list(1);
  const { image, keypoint } = suspects[0]!;
  const cells = image.labels.flatMap((label, k) =>
    isPlaced(label) ? [{ imageId: image.id, keypoint: k }] : [],
  );
  const settled = await service.client.suspects.settle({
    changes: cells.map((cell) => ({ ...cell, before: image.labels[cell.keypoint]!, after: image.labels[cell.keypoint]! })), // prettier-ignore
  });
  expect(settled).toEqual({ changeId: null, changed: [] });
  const isSuspected = async () => (await list(500)).suspects.some((suspect) => suspect.image.id === image.id);
  expect(await isSuspected()).toBe(false);

  const before = image.labels[keypoint]!;
  const after = { state: 'visible', x: 1, y: 2 } as const;
  await service.client.labels.apply({ changes: [{ imageId: image.id, keypoint, before, after }] });
  expect(await isSuspected()).toBe(true);
  await service.client.labels.undo({});
  expect(await isSuspected()).toBe(false);

  await service.client.suspects.unsettle({ cells });
  expect(await isSuspected()).toBe(true);
});

test('a wrong label is cleared in the journal, by whom, and undo brings it back', async () => {
  const { suspects } = await list(1);
  const { image, keypoint } = suspects[0]!;
  const before = image.labels[keypoint]!;
  const change = { imageId: image.id, keypoint, before, after: { state: 'missing' } as const };
  await service.client.suspects.settle({ changes: [change], note: 'a wrong label' });
  expect((await labelsOf(image.id))[keypoint]).toEqual({ state: 'missing' });
  const [entry] = await service.client.labels.history({ limit: 1 });
  expect(entry).toMatchObject({ imageId: image.id, keypoint, before, note: 'a wrong label' });
  await service.client.labels.undo({});
  expect((await labelsOf(image.id))[keypoint]).toEqual(before);
});

test('nothing is remembered of labels that somebody else has changed meanwhile', async () => {
  const { image, keypoint } = (await list(1)).suspects[0]!;
  const label = { state: 'visible', x: 3, y: 3 } as const;
  await expect(
    service.client.suspects.settle({ changes: [{ imageId: image.id, keypoint, before: label, after: { state: 'absent' } }] }), // prettier-ignore
  ).rejects.toMatchObject({ code: 'LABEL_CONFLICT' });
  expect((await list(1)).suspects[0]!.image.id).toBe(image.id);
});
