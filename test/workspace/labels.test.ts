import { expect, onTestFinished, test } from 'vitest';
import { missing } from '../../src/domain/label.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import {
  addPicture,
  ana,
  leftEye,
  nose,
  openScratch,
  rightEye,
  scratchDirectory,
  visible,
} from './scratch.ts';

function labelled() {
  const workspace = openScratch();
  const [first, second] = [addPicture(workspace, 1), addPicture(workspace, 2)];
  const changes = [
    { imageId: first, keypoint: leftEye, after: visible(1, 2) },
    { imageId: first, keypoint: nose, after: { state: 'absent' } as const },
    { imageId: second, keypoint: leftEye, after: { state: 'occluded', x: 3, y: 4 } as const },
    { imageId: second, keypoint: rightEye, after: visible(5, 6) },
    { imageId: second, keypoint: rightEye, after: missing },
  ];
  workspace.journal.apply({ actor: ana, changes });
  return { ...workspace, first, second };
}

test('points are those of visible and occluded keypoints, in the order of the images asked for', () => {
  const { labels, first, second } = labelled();
  expect([...labels.points([second, first])]).toEqual([3, 4, NaN, NaN, NaN, NaN, 1, 2, NaN, NaN, NaN, NaN]);
});

test('points of no image are none', () => {
  expect(labelled().labels.points([])).toHaveLength(0);
});

test('states are those of all cells, whether or not anybody ever spoke of them', () => {
  const { labels, images, first, second } = labelled();
  const third = images.add({ width: 1, height: 1, pixels: Uint8Array.of(7) }).id;
  expect([...labels.states(Int32Array.of(first, second, third))]).toEqual([1, 0, 3, 2, 0, 0, 0, 0, 0]);
  expect([...labels.states(Int32Array.of(second))]).toEqual([2, 0, 0]);
  expect(labels.states(new Int32Array())).toHaveLength(0);
});

test('states are right for any number of keypoints', () => {
  const keypoints = Array.from({ length: 40 }, (_, k) => `point_${k}`);
  const schema = { id: 'many', title: 'Many points', keypoints, mirrorPairs: [], skeleton: [] };
  const workspace = Workspace.open(scratchDirectory(), { create: true, schema });
  onTestFinished(() => {
    workspace.close();
  });
  const imageId = addPicture(workspace, 1);
  const of = [visible(1, 1), { state: 'occluded', x: 1, y: 1 }, { state: 'absent' }, missing] as const;
  workspace.journal.apply({
    actor: ana,
    changes: keypoints.map((_, keypoint) => ({ imageId, keypoint, after: of[keypoint % 4]! })),
  });
  const expected = keypoints.map((_, keypoint) => [1, 2, 3, 0][keypoint % 4]);
  expect([...workspace.labels.states(Int32Array.of(imageId))]).toEqual(expected);
});
