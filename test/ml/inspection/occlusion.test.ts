import { expect, test } from 'vitest';
import type { Predictor } from '../../../src/ml/engine/engine.ts';
import { occlude } from '../../../src/ml/inspection/occlusion.ts';
import { targetsOf } from '../../../src/ml/training/targets.ts';

const input = { width: 12, height: 8 };
/** One bright pixel on black. */
const picture = new Float32Array(96);
picture[3 * 12 + 7] = 96;
const mean = 1;

/** Places the first keypoint on the pixel that is brighter than the mean, where there is none at (0, 0); the second always at (5, 5). */
const spotter: Predictor = {
  predict: (images) =>
    Promise.resolve(
      Float32Array.from(
        Array.from({ length: images.length / 96 }, (_, i) => {
          const at = Math.max(
            0,
            images.subarray(96 * i, 96 * (i + 1)).findIndex((value) => value > mean),
          );
          return [...targetsOf(Float32Array.of(at % 12, Math.floor(at / 12), 5, 5), input)];
        }).flat(),
      ),
    ),
  dispose: () => Promise.resolve(),
};

/** Where a square of 4 whose middle goes over the grid covers the bright pixel. */
const covers = (row: number, column: number) =>
  Math.abs(2 * row + 0.5 - 3) <= 2 && Math.abs(2 * column + 0.5 - 7) <= 2;

test('the error of a labelled keypoint grows where what it is found by is hidden, and nowhere else', async () => {
  const labels = Float32Array.of(7, 3, 5, 5);
  const { columns, rows, effects } = await occlude(spotter, picture, input, labels, { patch: 4, step: 2 });
  expect([columns, rows]).toEqual([6, 4]);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      expect(effects[row * columns + column], `${row}, ${column}`).toBeCloseTo(
        covers(row, column) ? Math.hypot(7, 3) : 0,
        4,
      );
  effects.subarray(rows * columns).forEach((effect) => expect(effect).toBeCloseTo(0, 4));
});

test('an error can shrink, and a keypoint without a label moves', async () => {
  const labels = Float32Array.of(0, 0, NaN, NaN);
  const grid = { patch: 4, step: 2 };
  const wrong = await occlude(spotter, picture, input, labels, grid);
  const without = await occlude(spotter, picture, input, labels.fill(NaN), grid);
  const at = 1 * wrong.columns + 3;
  expect(covers(1, 3)).toBe(true);
  expect(wrong.effects[at]).toBeCloseTo(-Math.hypot(7, 3), 4);
  expect(without.effects[at]).toBeCloseTo(Math.hypot(7, 3), 4);
});
