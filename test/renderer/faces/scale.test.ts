import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inkOn, relativeLuminance, viridis } from '../../../src/renderer/faces/scale.ts';

describe('the scale of amounts', () => {
  test('grows lighter from end to end', () => {
    const lights = Array.from({ length: 101 }, (_, i) => relativeLuminance(viridis(i / 100)));
    expect(lights).toEqual(lights.toSorted((a, b) => a - b));
    expect(lights.at(-1)! - lights[0]!).toBeGreaterThan(0.7);
  });

  test('keeps its ends for what lies beyond', () => {
    expect(viridis(-1)).toEqual(viridis(0));
    expect(viridis(2)).toEqual(viridis(1));
  });

  test('can be written on everywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const colour = viridis(share);
        const [light, dark] = [relativeLuminance(colour), inkOn(colour) === 'black' ? 0 : 1].toSorted(
          (a, b) => b - a,
        );
        expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
