import { expect, test } from 'vitest';
import { coordinateColumns, face15, keypointIndex, mirrorPermutation } from '../../src/domain/schema.ts';

const twoEyes = {
  ...face15,
  keypoints: ['nose', 'left', 'right'],
  mirrorPairs: [['left', 'right']] as const,
};

test('mirroring swaps the two of a pair and leaves the others', () => {
  expect(mirrorPermutation(twoEyes)).toEqual([0, 2, 1]);
});

test('mirroring twice is the identity for the face', () => {
  const permutation = mirrorPermutation(face15);
  expect(permutation.map((k) => permutation[k])).toEqual(face15.keypoints.map((_, k) => k));
});

test('every keypoint of the face on the left has its partner on the right', () => {
  const permutation = mirrorPermutation(face15);
  const partners = face15.keypoints.map((name, k) => [name, face15.keypoints[permutation[k]!]!] as const);
  for (const [name, partner] of partners)
    expect(partner.replaceAll('right', 'left')).toBe(name.replaceAll('right', 'left'));
});

test('a pair that names an unknown keypoint is refused', () => {
  expect(() => mirrorPermutation({ ...twoEyes, mirrorPairs: [['left', 'ear']] })).toThrow(
    /no keypoint named ear/,
  );
});

test('a keypoint in two pairs is refused', () => {
  const pairs = [
    ['left', 'right'],
    ['left', 'nose'],
  ] as const;
  expect(() => mirrorPermutation({ ...twoEyes, mirrorPairs: pairs })).toThrow(
    /left, nose names a keypoint twice/,
  );
});

test('columns are x before y in keypoint order', () => {
  expect(coordinateColumns(twoEyes)).toEqual(['nose_x', 'nose_y', 'left_x', 'left_y', 'right_x', 'right_y']);
});

test('an unknown keypoint has no index', () => {
  expect(() => keypointIndex(twoEyes, 'ear')).toThrow('no keypoint named ear');
});
