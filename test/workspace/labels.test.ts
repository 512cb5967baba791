import { expect, test } from 'vitest';
import { missing } from '../../src/domain/label.ts';
import { addPicture, ana, leftEye, nose, openScratch, rightEye, visible } from './scratch.ts';

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

test('completeness counts images by keypoint and state', () => {
  expect(labelled().labels.completeness()).toEqual([
    { missing: 0, visible: 1, occluded: 1, absent: 0 },
    { missing: 2, visible: 0, occluded: 0, absent: 0 },
    { missing: 1, visible: 0, occluded: 0, absent: 1 },
  ]);
});
