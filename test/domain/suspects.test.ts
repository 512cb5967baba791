import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/domain/random.ts';
import { rankSuspects } from '../../src/domain/suspects.ts';
import { leftEye, nose, rightEye, threePoints } from '../workspace/scratch.ts';

const keypoints = threePoints.keypoints.length;
const images = 60;
const places = [60, 30, 36, 30, 48, 55];

/** Labels and two sources, each off by about a pixel. */
function faces() {
  const random = randomStream(4);
  const near = () => Float32Array.from({ length: images * 2 * keypoints }, (_, i) => places[i % 6]! + random.normal()); // prettier-ignore
  return { labels: near(), sources: [near()], deviations: new Float32Array(images * keypoints) };
}
const nobody = () => false;
const rank = (ground: ReturnType<typeof faces>, isSettled: (image: number, k: number) => boolean = nobody) =>
  rankSuspects(threePoints, { ...ground, isSettled });
const cell = (image: number, k: number) => 2 * (image * keypoints + k);

test('every image with a label stands there once, the farthest off first', () => {
  const ground = faces();
  ground.labels[cell(7, nose)]! += 20;
  ground.labels.fill(NaN, cell(9, 0), cell(10, 0));
  const ranked = rank(ground);
  expect(ranked[0]).toMatchObject({ image: 7, kind: 'far', keypoint: nose, keypoints: [nose] });
  expect(ranked.map(({ image }) => image).sort((a, b) => a - b)).toEqual(
    Array.from({ length: images }, (_, i) => i).filter((i) => i !== 9),
  );
});

test('a keypoint that is usually far off is suspected later than one that is not', () => {
  const ground = faces();
  for (let image = 0; image < images; image++) ground.labels[cell(image, nose)]! += 8 * (image % 2 ? 1 : -1);
  ground.labels[cell(3, nose)] = places[2 * nose]! + 14;
  ground.labels[cell(5, leftEye)] = places[2 * leftEye]! + 10;
  const ranked = rank(ground);
  expect(ranked[0]).toMatchObject({ image: 5, keypoint: leftEye });
  expect(ranked.find(({ image }) => image === 3)!.usual).toBeGreaterThan(6);
});

describe('what seems wrong', () => {
  test('is told as swapped where each side lies where the other belongs', () => {
    const ground = faces();
    const [l, r] = [cell(7, leftEye), cell(7, rightEye)];
    [ground.labels[l], ground.labels[r]] = [ground.labels[r]!, ground.labels[l]!];
    expect(rank(ground)[0]).toMatchObject({ image: 7, kind: 'swapped', keypoints: [leftEye, rightEye] });
  });

  test('is told as shifted where all points are off alike', () => {
    const ground = faces();
    for (let k = 0; k < keypoints; k++) {
      ground.labels[cell(7, k)]! -= 15;
      ground.labels[cell(7, k) + 1]! -= 9;
    }
    expect(rank(ground)[0]).toMatchObject({ image: 7, kind: 'shifted', keypoints: [0, 1, 2] });
  });
});

test('the source that is usually nearest speaks where it can, else another one', () => {
  const ground = faces();
  const exact = ground.labels.map((value) => value + 0.1);
  exact.fill(NaN, cell(7, 0), cell(8, 0));
  ground.sources.push(exact);
  const by = Object.fromEntries(rank(ground).map(({ image, source }) => [image, source]));
  expect([by[6], by[7]]).toEqual([1, 0]);
});

test('strangeness beside the other labels counts, too', () => {
  const ground = faces();
  ground.deviations[8 * keypoints + rightEye] = 30;
  expect(rank(ground)[0]).toMatchObject({ image: 8, keypoint: rightEye, deviations: 30 });
});

test('what was looked at is not suspected, the rest of the image still is', () => {
  const ground = faces();
  ground.labels[cell(7, nose)]! += 20;
  ground.labels[cell(7, leftEye)]! += 12;
  const ranked = rank(ground, (image, k) => image === 7 && k === nose);
  expect(ranked[0]).toMatchObject({ image: 7, keypoint: leftEye, keypoints: [leftEye] });
  expect(rank(ground, (image) => image === 7).map(({ image }) => image)).not.toContain(7);
});
