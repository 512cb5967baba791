import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaleOf, shareOf, ticksOf, tickText, valueOf } from '../../../src/renderer/plot/scale.ts';

const values = fc.array(fc.double({ min: 0.001, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('a scale', () => {
  test('shows every value, linear or logarithmic', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (values, log) => {
        const scale = scaleOf(values, log);
        for (const value of values) {
          const share = shareOf(scale, value);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          expect(valueOf(scale, share)).toBeCloseTo(value, 6);
        }
      }),
    );
  });

  test('is linear where a logarithm is not defined, and for no values at all', () => {
    expect(scaleOf([0, 3], true).log).toBe(false);
    expect(scaleOf([], true)).toEqual({ low: 0, high: 1, log: false });
    expect(scaleOf([NaN, 2, 4], true).log).toBe(true);
  });

  test('has a height where all values are the same', () => {
    for (const log of [true, false]) {
      const { low, high } = scaleOf([2, 2], log);
      expect(high).toBeGreaterThan(low);
    }
  });

  test('does not go below zero for values that do not', () => {
    expect(scaleOf([0.1, 100], false).low).toBe(0);
  });
});

describe('the ticks of a scale', () => {
  test('are round values within it, no more than asked for', () => {
    expect(ticksOf({ low: 0, high: 60, log: false }, 7)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(ticksOf({ low: 0.05, high: 0.33, log: false }, 4)).toEqual([0.1, 0.2, 0.3]);
    expect(ticksOf({ low: 0.9, high: 31, log: true }, 8)).toEqual([1, 2, 3, 5, 10, 20, 30]);
    expect(ticksOf({ low: 0.9, high: 1100, log: true }, 4)).toEqual([1, 10, 100, 1000]);
  });

  test('of a logarithmic scale that spans little are evenly spaced', () => {
    expect(ticksOf({ low: 1.41, high: 1.68, log: true }, 6)).toEqual([1.45, 1.5, 1.55, 1.6, 1.65]);
  });

  test('are written short', () => {
    expect([0.002, 1.5, 30, 4500].map(tickText)).toEqual(['0.002', '1.5', '30', '4.5k']);
  });
});
