import { expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { movePoints } from '../../../src/ml/augment/affine.ts';
import { MirrorProof } from '../../../src/ml/augment/mirror-proof.ts';

const input = { width: 96, height: 96 };
/** Left and right disc, left and right ring, and a cross in the middle. */
const pairs = [1, 0, 3, 2, 4];

/** Symmetric drawings whose middle is 3 px right of the picture's, as faces in a data set may be. */
function drawing(number: number) {
  const random = randomStream(5, number);
  const off = () => 4 * random.uniform() - 2;
  const [middle, eyes, mouth] = [50.5 + off(), 35 + off(), 66 + off()];
  const places: [number, number][] = [
    [middle + 18, eyes],
    [middle - 18, eyes],
    [middle + 14, mouth],
    [middle - 14, mouth],
    [middle, 50],
  ];
  const pixels = Uint8Array.from({ length: 96 * 96 }, (_, i) => {
    const far = places.map(([x, y]) => Math.hypot((i % 96) - x, Math.floor(i / 96) - y));
    const discs = Math.exp(-(Math.min(far[0]!, far[1]!) ** 2) / 8);
    const rings = Math.exp(-((Math.min(far[2]!, far[3]!) - 5) ** 2) / 2);
    const inwards = 50 * Math.exp(-Math.abs((i % 96) - middle) / 15); // tells left from right
    return Math.min(255, 20 + 110 * discs + 90 * rings + inwards + 20 * random.uniform());
  });
  return { imageId: number, pixels, points: Float32Array.from(places.flat()) };
}
const drawings = Array.from({ length: 30 }, (_, i) => drawing(i));

function prove(permutation: number[], move?: typeof movePoints, count = drawings.length) {
  const proof = new MirrorProof(input, permutation, move);
  for (const picture of drawings.slice(0, count)) proof.add(picture);
  return proof.findings();
}

test('right pairs and the right mirror are found right, wherever the faces are in their pictures', () => {
  const { pairs: found, offset, isOff } = prove(pairs);
  expect(found.map(({ keypoints, wrong }) => [keypoints, wrong])).toEqual([
    [[0, 1], false],
    [[2, 3], false],
  ]);
  expect(found[0]!.places!.x).toBeLessThan(-4);
  expect(Math.abs(offset!)).toBeLessThan(0.15);
  expect(isOff).toBe(false);
});

test('a wrong pair is found, with what it looks like', () => {
  const { pairs: found } = prove([3, 2, 1, 0, 4]);
  expect(found.map(({ keypoints, looksLike, wrong }) => [keypoints, looksLike, wrong])).toEqual([
    [[0, 3], [2, 1], true],
    [[1, 2], [3, 0], true],
  ]);
});

test('a mirror at 96 - x is found to be a pixel off', () => {
  const {
    pairs: found,
    offset,
    isOff,
  } = prove(pairs, (points, affine, permutation, size, moved) => {
    movePoints(points, affine, permutation, size, moved);
    for (let x = 0; x < moved.length; x += 2) moved[x]! += 1;
  });
  expect(found.some(({ wrong }) => wrong)).toBe(false);
  expect(offset).toBeGreaterThan(0.85);
  expect(offset).toBeLessThan(1.15);
  expect(isOff).toBe(true);
});

test('a handful of pictures says nothing of what they show', () => {
  const { pairs: found, offset } = prove(pairs, movePoints, 5);
  expect(found[0]).toMatchObject({ images: 5, pictures: null, looksLike: null, wrong: false });
  expect(offset).toBeNull();
});
