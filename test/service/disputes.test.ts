import { expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import type { Actor } from '../../src/workspace/cells.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { ana, firstImport, leftEye, nose, rightEye } from '../workspace/scratch.ts';
import {
  change,
  clientOf,
  idsOf,
  missing,
  openScratchService,
  pictures,
  visible,
} from './scratch-service.ts';

const givenNose = Float32Array.of(NaN, NaN, NaN, NaN, 1.5, 2.5);
const otherNose = Float32Array.of(NaN, NaN, NaN, NaN, 1.5, 3.25);

/** A table that gives a place to the nose of image 1, row by row. */
function importTable(workspace: Workspace, ...rows: Float32Array[]): void {
  const importId = workspace.imports.begin('faces');
  const source = workspace.sources.add({ importId, kind: 'training', fileName: 'training.csv' });
  for (const [row, points] of rows.entries()) workspace.sources.addRow(source, { row, imageId: 1, points });
}

function setNose(workspace: Workspace, actor: Actor, after: Label): void {
  workspace.journal.apply({ actor, changes: [{ imageId: 1, keypoint: nose, after }] });
}

/** Image 1 stands in two rows that disagree; the first one's place was taken. */
function disagreement(workspace: Workspace): void {
  pictures(2)(workspace);
  importTable(workspace, givenNose, otherNose);
  setNose(workspace, firstImport, visible(1.5, 2.5));
}

async function disputesOf(service: ReturnType<typeof openScratchService>) {
  const [image] = await service.client.images.get({ ids: [1] });
  const { images } = await service.client.images.page({ filter: { disputed: true }, limit: 9 });
  return [image!.disputed, idsOf(images)];
}

test('two rows that disagree are a dispute', async () => {
  const service = openScratchService(disagreement);
  expect(await disputesOf(service)).toEqual([[nose], [1]]);
  expect((await service.client.images.facets()).disputed).toBe(1);
  const { images } = await service.client.images.page({ filter: { disputed: false }, limit: 9 });
  expect(idsOf(images)).toEqual([2]);
});

test('two rows that agree are none', async () => {
  const service = openScratchService((workspace) => {
    pictures(1)(workspace);
    importTable(workspace, givenNose, givenNose);
    setNose(workspace, firstImport, visible(1.5, 2.5));
  });
  expect(await disputesOf(service)).toEqual([[], []]);
});

test('whoever moves the point decides; undoing that opens the dispute again', async () => {
  const service = openScratchService(disagreement);
  const person = clientOf(service, 'ana');
  await disputesOf(service);
  await person.labels.apply({ changes: [change(1, nose, visible(1.5, 3.25), visible(1.5, 2.5))] });
  expect(await disputesOf(service)).toEqual([[], []]);
  await person.labels.undo({});
  expect(await disputesOf(service)).toEqual([[nose], [1]]);
});

test('whoever confirms the label as it is decides', async () => {
  const service = openScratchService(disagreement);
  const label = visible(1.5, 2.5);
  const { changed } = await clientOf(service, 'ana').labels.apply({
    changes: [{ ...change(1, nose, label, label), author: ana }],
  });
  expect(changed).toEqual([{ imageId: 1, keypoint: nose, label, author: ana }]);
  expect(await disputesOf(service)).toEqual([[], []]);
});

test.each([
  ['placed', visible(1, 1)],
  ['cleared', missing],
])('an import that finds a label that a person has %s is a dispute', async (_name, label) => {
  const service = openScratchService((workspace) => {
    pictures(1)(workspace);
    importTable(workspace);
    workspace.sources.addRow(1, { row: 2, imageId: 1 });
    setNose(workspace, ana, visible(2, 2));
    setNose(workspace, ana, label);
    importTable(workspace, givenNose);
  });
  expect(await disputesOf(service)).toEqual([[nose], [1]]);
});

test('a person’s correction of what was imported before is none', async () => {
  const service = openScratchService((workspace) => {
    pictures(1)(workspace);
    importTable(workspace, givenNose);
    setNose(workspace, firstImport, visible(1.5, 2.5));
  });
  const changes = [
    change(1, nose, visible(1, 1), visible(1.5, 2.5)),
    change(1, leftEye, visible(0, 0)),
    change(1, rightEye, visible(0, 0)),
  ];
  await service.client.labels.apply({ changes });
  expect(await disputesOf(service)).toEqual([[], []]);
});
