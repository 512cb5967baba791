import { describe, expect, test } from 'vitest';
import { heatPixels, heatShares } from '../../../src/renderer/dataset/heat.ts';

describe('the heat of labels', () => {
  test('is the share of the fullest cell', () => {
    expect(heatShares([[0, 2, 8]])).toEqual([0, 0.25, 1]);
  });

  test('lets a keypoint with few labels be seen beside one with many', () => {
    expect(
      heatShares([
        [0, 0, 1000],
        [3, 0, 0],
      ]),
    ).toEqual([1, 0, 1]);
  });

  test('is nowhere where there is no label', () => {
    expect(heatShares([[0, 0]])).toEqual([0, 0]);
    expect([...heatPixels([0])]).toEqual([0, 0, 0, 0]);
  });

  test('shows the mean face through where there is little of it', () => {
    const [few, most] = [heatPixels([0.1])[3]!, heatPixels([1])[3]!];
    expect(few).toBeLessThan(128);
    expect(most).toBe(255);
  });
});
