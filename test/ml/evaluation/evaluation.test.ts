import { describe, expect, test } from 'vitest';
import { face15 } from '../../../src/domain/schema.ts';
import { evaluate, type Trial, validationRmse } from '../../../src/ml/evaluation/evaluation.ts';
import type { Dataset } from '../../../src/ml/training/dataset.ts';
import { picturesInMemory } from '../../../src/ml/training/pictures.ts';

const schema = { ...face15, keypoints: ['nose', 'chin'], mirrorPairs: [], skeleton: [] };
const images = 8;

/** Images 0 to 3 have nose and chin, the others only the nose. */
const truth = Float32Array.from({ length: 4 * images }, (_, i) => (i >= 16 && i % 4 >= 2 ? NaN : 10));
const dataset: Dataset = {
  schema,
  input: { width: 20, height: 20 },
  imageIds: Array.from({ length: images }, (_, i) => 100 + i),
  pictures: picturesInMemory(new Uint8Array(images * 400), 400),
  points: truth,
  together: [],
  asked: null,
};
const groups = Int32Array.of(0, 0, 2, 2, 4, 4, 6, 6);

/** Predictions off by 1 px in x and y for complete images, by 2 px for the others. */
function trial(change: (predicted: Float32Array) => void = () => undefined): Trial {
  const predicted = Float32Array.from({ length: 4 * images }, (_, i) => (i < 16 ? 11 : 12));
  change(predicted);
  return { images: Int32Array.from(groups.keys()), predicted, truth };
}

test('without a lookup table the score pools every value', () => {
  const { rmse, pooled } = evaluate(dataset, groups, trial(), false);
  expect(rmse).toBeCloseTo(Math.sqrt((16 * 1 + 8 * 4) / 24), 6);
  expect(pooled).toBeCloseTo(rmse, 6);
});

test('with a lookup table cohorts weigh as the values asked for', () => {
  const { rmse } = evaluate({ ...dataset, asked: { complete: 30, partial: 10 } }, groups, trial(), false);
  expect(rmse).toBeCloseTo(Math.sqrt((30 * 1 + 10 * 4) / 40), 6);
});

test('cohorts and keypoints are told apart', () => {
  const { cohorts, perKeypoint } = evaluate(dataset, groups, trial(), false);
  expect(cohorts.complete).toEqual({ images: 4, rmse: 1 });
  expect(cohorts.partial).toEqual({ images: 4, rmse: 2 });
  expect(perKeypoint['chin']).toBe(1);
  expect(perKeypoint['nose']).toBeCloseTo(Math.sqrt((4 + 16) / 8), 6);
});

test('the interval lies about the score', () => {
  const { rmse, interval } = evaluate(dataset, groups, trial(), false);
  expect(interval.low).toBeLessThan(rmse);
  expect(interval.high).toBeGreaterThan(rmse);
});

test('a person with many pictures counts once in the mean over groups', () => {
  const lopsided = Int32Array.of(0, 1, 2, 3, 4, 4, 4, 4);
  expect(evaluate(dataset, lopsided, trial(), false).meanOverGroups).toBeCloseTo((4 * 1 + 2) / 5, 6);
});

test('failures are keypoints more than 5 px off, and the cumulative curve ends where they begin', () => {
  const { failureRate, cumulative } = evaluate(
    dataset,
    groups,
    trial((predicted) => predicted.set([16, 10], 0)),
    false,
  );
  expect(failureRate).toBeCloseTo(1 / 12, 6);
  expect(cumulative.find(({ pixels }) => pixels === 5)!.share).toBeCloseTo(11 / 12, 6);
});

describe('plainly wrong labels', () => {
  const wrong = trial((predicted) => predicted.set([30, 30, 30, 30], 0));

  test('are named with what they would cost', () => {
    expect(evaluate(dataset, groups, wrong, false).suspects).toEqual([{ imageId: 100, rmse: 20 }]);
  });

  test('do not count in the score, but in the pooled figure', () => {
    const { rmse, pooled } = evaluate(dataset, groups, wrong, false);
    expect(rmse).toBeCloseTo(Math.sqrt((12 * 1 + 8 * 4) / 20), 6);
    expect(pooled).toBeGreaterThan(8);
    expect(validationRmse(dataset, wrong)).toBe(rmse);
  });

  test('are not found in predictions that are about equally far off everywhere', () => {
    expect(evaluate(dataset, groups, trial(), false).suspects).toEqual([]);
  });
});

test('nothing to evaluate gives NaN and no error', () => {
  const nothing = { images: Int32Array.of(), predicted: Float32Array.of(), truth: Float32Array.of() };
  expect(validationRmse(dataset, nothing)).toBeNaN();
});
