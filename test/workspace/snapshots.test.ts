import { expect, test } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, ana, leftEye, nose, openScratch, visible } from './scratch.ts';

function place(workspace: Workspace, imageId: number, keypoint: number, x: number): void {
  workspace.journal.apply({ actor: ana, changes: [{ imageId, keypoint, after: visible(x, 1) }] });
}

test('a snapshot is not touched by later edits', () => {
  const workspace = openScratch();
  const imageId = addPicture(workspace, 1);
  place(workspace, imageId, nose, 5);
  const { id } = workspace.snapshots.take();
  place(workspace, imageId, nose, 6);
  place(workspace, imageId, leftEye, 7);
  expect([...workspace.snapshots.points(id, [imageId])]).toEqual([NaN, NaN, NaN, NaN, 5, 1]);
});

test('gives the points of the images asked for, in that order', () => {
  const workspace = openScratch();
  const [first, second, third] = [1, 2, 3].map((number) => addPicture(workspace, number)) as [
    number,
    number,
    number,
  ];
  for (const imageId of [first, second, third]) place(workspace, imageId, leftEye, imageId);
  const { id } = workspace.snapshots.take();
  const points = workspace.snapshots.points(id, [third, first]);
  expect([points[0], points[6]]).toEqual([third, first]);
});

test('taken twice without a change is the same one', () => {
  const workspace = openScratch();
  place(workspace, addPicture(workspace, 1), nose, 5);
  expect(workspace.snapshots.take()).toEqual(workspace.snapshots.take());
  expect(workspace.snapshots.list()).toHaveLength(1);
});

test('is the same one again after an edit is undone', () => {
  const workspace = openScratch();
  const imageId = addPicture(workspace, 1);
  place(workspace, imageId, nose, 5);
  const { id } = workspace.snapshots.take();
  place(workspace, imageId, nose, 6);
  expect(workspace.snapshots.take().id).not.toBe(id);
  workspace.journal.undo({ actor: ana });
  expect(workspace.snapshots.take().id).toBe(id);
});

test('is the same one in every workspace with these labels on these pictures, however they came there', () => {
  const [here, there] = [openScratch(), openScratch()];
  const [a, b] = [addPicture(here, 1), addPicture(here, 2)];
  const [bThere, aThere] = [addPicture(there, 2), addPicture(there, 1)];
  place(here, a, nose, 5);
  place(here, b, leftEye, 6);
  place(there, bThere, leftEye, 9);
  place(there, bThere, leftEye, 6);
  place(there, aThere, nose, 5);
  expect(here.snapshots.take().id).toBe(there.snapshots.take().id);
});

test('counts the labelled cells', () => {
  const workspace = openScratch();
  const imageId = addPicture(workspace, 1);
  place(workspace, imageId, nose, 5);
  place(workspace, imageId, leftEye, 5);
  workspace.journal.undo({ actor: ana });
  expect(workspace.snapshots.take().labels).toBe(1);
});

test('keeps the name that it has', () => {
  const { snapshots } = openScratch();
  snapshots.take('before cleaning');
  expect(snapshots.take().name).toBe('before cleaning');
  expect(snapshots.take('the start').name).toBe('before cleaning');
});
