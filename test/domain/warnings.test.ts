import { describe, expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { missing } from '../../src/domain/label.ts';
import { face15 } from '../../src/domain/schema.ts';
import { warningsOf } from '../../src/domain/warnings.ts';
import { drawnFace, fittedShape, keypoint, side } from '../fixtures/faces.ts';

const shape = fittedShape();
const size = { width: side, height: side };
const face = drawnFace(0);
const warnings = (labels: readonly Label[], of = size) => warningsOf(face15, shape, of, labels);
const at = (x: number, y: number): Label => ({ state: 'visible', x, y });
const [nose, left, right] = [keypoint('nose_tip'), keypoint('left_eye_center'), keypoint('right_eye_center')];

/** The label, moved. */
function moved(label: Label, x: number, y: number): Label {
  if (!('x' in label)) throw new Error('The label has no place.');
  return { ...label, x: label.x + x, y: label.y + y };
}

test('nothing is said of faces as they usually are', () => {
  const said = Array.from({ length: 200 }, (_, i) => warnings(drawnFace(i))).filter(
    (list) => list.length > 0,
  );
  expect(said.length).toBeLessThanOrEqual(1);
});

test('nothing is said of an image without labels', () => {
  expect(warnings(face.map(() => missing))).toEqual([]);
});

describe('left and right', () => {
  test('that are swapped are named together, once', () => {
    const swapped = face.with(left, face[right]!).with(right, face[left]!);
    const [first, ...others] = warnings(swapped).filter(({ keypoints }) => keypoints.includes(left));
    expect(first).toEqual({ kind: 'swapped', keypoints: [left, right], text: 'left and right are swapped' });
    expect(others).toEqual([]);
  });

  test('are said to be swapped from the first two points on', () => {
    const two = face
      .map(() => missing)
      .with(left, face[right]!)
      .with(right, face[left]!);
    expect(warnings(two)).toMatchObject([{ kind: 'swapped', keypoints: [left, right] }]);
  });
});

test('a point far from where the others predict it is named with the distance', () => {
  const [said] = warnings(face.with(nose, moved(face[nose]!, 9, -8)));
  expect(said).toMatchObject({ kind: 'unlikely', keypoints: [nose] });
  expect(Number(/^[\d.]+/.exec(said!.text)![0])).toBeCloseTo(12, -0.5);
});

test.each([
  [2, 2],
  [2, 93],
  [93, 93],
  [48, 0],
])('a point outside the face, at %d, %d, is said to be there', (x, y) => {
  expect(warnings(face.with(nose, at(x, y)))).toEqual([
    { kind: 'outside', keypoints: [nose], text: 'outside the face' },
  ]);
});

test('two points in one place are named together', () => {
  const inner = keypoint('left_eye_inner_corner');
  expect(warnings(face.with(inner, face[left]!))).toContainEqual({
    kind: 'together',
    keypoints: [left, inner],
    text: 'two points in one place',
  });
});

test('an absent point is no reason for a warning', () => {
  expect(warnings(face.with(nose, { state: 'absent' }))).toEqual([]);
});

test('a picture of another size is judged by its own measure', () => {
  const large = face.map((label): Label =>
    'x' in label ? { ...label, x: (label.x + 0.5) * 4 - 0.5, y: (label.y + 0.5) * 4 - 0.5 } : label,
  );
  const of = { width: 4 * side, height: 4 * side };
  expect(warnings(large, of)).toEqual([]);
  expect(warnings(large.with(nose, at(10, 10)), of)).toMatchObject([{ kind: 'outside' }]);
});
