import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import {
  expectedErrorOf,
  fitUncertainty,
  type Placed,
  radiusOf,
} from '../../../src/ml/evaluation/uncertainty.ts';

const images = 2000;

/** Two keypoints, the second twice as hard; half of the pictures, whose passes are far apart, are three times as hard. */
function drawn(isTold: boolean): Placed {
  const random = randomStream(7);
  const truth = new Float32Array(images * 4);
  const predicted = new Float32Array(images * 4);
  const spread = new Float32Array(images * 2);
  for (let place = 0; place < images * 2; place++) {
    const isHard = place % 4 >= 2;
    const deviation = (place % 2 === 0 ? 0.5 : 1) * (isHard ? 3 : 1);
    spread[place] = isTold ? (isHard ? deviation : 0.1) : 3 * random.uniform();
    for (const i of [2 * place, 2 * place + 1]) predicted[i] = truth[i]! + deviation * random.normal();
  }
  return { predicted, truth, spread, groups: Array.from({ length: images }, (_, i) => i >> 1) };
}

const shareWithin = (
  { predicted, truth, spread }: Placed,
  which: (place: number) => boolean,
  radius: (place: number) => number,
) => {
  const places = [...spread.keys()].filter(which);
  const off = (i: number) =>
    Math.hypot(predicted[2 * i]! - truth[2 * i]!, predicted[2 * i + 1]! - truth[2 * i + 1]!);
  return places.filter((i) => off(i) <= radius(i)).length / places.length;
};

describe('the radius of a place', () => {
  const placed = drawn(true);
  const uncertainty = fitUncertainty(placed, 2)!;
  const radius = (place: number) => radiusOf(uncertainty, place % 2, placed.spread[place]!);

  it.each([
    ['easy pictures', (place: number) => place % 4 < 2],
    ['hard pictures', (place: number) => place % 4 >= 2],
    ['all pictures', () => true],
  ])('holds nine of ten places of %s', (_, which) => {
    expect(shareWithin(placed, which, radius)).toBeGreaterThan(0.85);
    expect(shareWithin(placed, which, radius)).toBeLessThan(0.95);
  });

  it('is larger where passes are farther apart, and grows beyond what was seen', () => {
    expect(radiusOf(uncertainty, 0, 1.5)).toBeGreaterThan(1.5 * radiusOf(uncertainty, 0, 0.1));
    expect(radiusOf(uncertainty, 0, 300)).toBeGreaterThan(10 * radiusOf(uncertainty, 0, 3));
  });

  it('is that of the keypoint alone where nothing is known of the passes', () => {
    expect(radiusOf(uncertainty, 1, NaN)).toBe(radiusOf(uncertainty, 1, 0));
  });
});

it('what is expected is in the mean what there is', () => {
  const placed = drawn(true);
  const uncertainty = fitUncertainty(placed, 2)!;
  const squares = [...placed.spread].map(
    (spread, place) => expectedErrorOf(uncertainty, place % 2, spread) ** 2,
  );
  const truly = (2 * (0.5 ** 2 + 1) * (1 + 3 ** 2)) / 4;
  expect(squares.reduce((sum, square) => sum + square) / squares.length).toBeCloseTo(truly, 0);
});

it('passes that tell nothing count for nothing', () => {
  expect(fitUncertainty(drawn(false), 2)!.weight).toBe(0);
});

it('whether the radii hold is found out with people that they were not fitted to', () => {
  const { coverage } = fitUncertainty(drawn(true), 2)!;
  expect(coverage.map(({ radius }) => radius)).toEqual([2, 2.5, 3, 4, null]);
  expect(coverage.reduce((sum, { places }) => sum + places, 0)).toBe(2 * images);
  for (const { places, within } of coverage)
    if (places > 200) expect(Math.abs(within! - 0.9)).toBeLessThan(0.05);
});

it('a label that is missing says nothing, and too few say nothing at all', () => {
  const { truth, ...placed } = drawn(true);
  const few = truth.map((value, i) => (i < 180 ? value : NaN));
  expect(fitUncertainty({ ...placed, truth: few }, 2)).toBeNull();
});
