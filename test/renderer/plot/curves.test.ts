import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figure, nearest, placesOf, readout, smoothed, spread } from '../../../src/renderer/plot/curves.ts';

const points = (...values: number[]) => values.map((y, i) => ({ x: i + 1, y }));
const curve = (name: string, ...values: number[]) => ({ name, colour: 1, points: points(...values) });

describe('smoothing', () => {
  test('leaves a curve as it is where there is none', () => {
    expect(smoothed(points(3, 1, 2), 0)).toEqual(points(3, 1, 2));
  });

  test('begins at the first value and keeps a level curve level', () => {
    expect(smoothed(points(3, 1), 0.9)[0]!.y).toBeCloseTo(3);
    for (const { y } of smoothed(points(2, 2, 2, 2), 0.8)) expect(y).toBeCloseTo(2);
  });

  test('weighs the past by its share', () => {
    expect(smoothed(points(0, 3), 0.5)[1]!.y).toBeCloseTo(2);
  });
});

describe('reading values off', () => {
  test('goes through every epoch that some curve has', () => {
    expect(placesOf([curve('a', 5, 4), curve('b', 5, 4, 3)])).toEqual([1, 2, 3]);
  });

  test('takes the epoch nearest to the pointer', () => {
    const scale = { low: 1, high: 11, log: false };
    expect(nearest([1, 2, 3, 11], scale, 0.16)).toBe(3);
    expect(nearest([1, 2, 3, 11], scale, 2)).toBe(11);
    expect(nearest([], scale, 0.5)).toBeUndefined();
  });

  test('says them in words, without the curves that have none there', () => {
    const words = { xName: 'epoch', unit: 'px' };
    expect(readout([curve('validation', 5, 1.923), curve('training', 4)], 2, words)).toBe(
      'epoch 2: validation 1.92 px',
    );
    expect(readout([], undefined, words)).toBe('no values yet');
  });

  test('gives three digits that count, and of errors two after the point', () => {
    expect([1234.5, 12.345, 1.9234, 0.0015321, 5.0234e-8, 0].map((value) => figure(value))).toEqual([
      '1235',
      '12.3',
      '1.92',
      '0.00153',
      '5.02e-8',
      '0',
    ]);
    expect(figure(4.1, 'px')).toBe('4.10');
  });
});

test('labels are moved apart and stay in the plot, in their order', () => {
  expect(spread([10, 12, 80], 13, 100)).toEqual([10, 23, 80]);
  expect(spread([95, 99], 13, 100)).toEqual([87, 100]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 12 }), (tops) => {
      const placed = spread(tops, 13, 300).toSorted((a, b) => a - b);
      placed.forEach((top, i) => {
        expect(top).toBeLessThanOrEqual(300);
        if (i > 0) expect(top - placed[i - 1]!).toBeGreaterThanOrEqual(13 - 1e-9);
      });
    }),
  );
});
