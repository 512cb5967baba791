import { expect, test } from 'vitest';
import type { Label } from '../../../src/domain/label.ts';
import { accepted, cleared, confirmed } from '../../../src/renderer/review/changes.ts';

const visible = (x: number, y: number): Label => ({ state: 'visible', x, y });
const missing: Label = { state: 'missing' };
const image = { id: 7, labels: [visible(1, 2), missing, { state: 'absent' } as Label] };

test('an accepted prediction is a visible label that is due to the run', () => {
  const placed = [{ x: 5, y: 6 }, { x: 7, y: 8 }, { x: 9, y: 9 }]; // prettier-ignore
  expect(accepted(image, placed, [0, 1], 3)).toEqual([
    { imageId: 7, keypoint: 0, before: visible(1, 2), after: visible(5, 6), author: { kind: 'model-run', name: '3' } },
    { imageId: 7, keypoint: 1, before: missing, after: visible(7, 8), author: { kind: 'model-run', name: '3' } },
  ]); // prettier-ignore
});

test('only what is labelled is cleared', () => {
  expect(cleared(image, [0, 1])).toEqual([
    { imageId: 7, keypoint: 0, before: visible(1, 2), after: missing },
  ]);
});

test('labels that are right are those with a place, as they are', () => {
  expect(confirmed(image)).toEqual([
    { imageId: 7, keypoint: 0, before: visible(1, 2), after: visible(1, 2) },
  ]);
});
