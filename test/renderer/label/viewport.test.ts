import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, pan, snap, toImage, toScreen, zoomAt } from '../../../src/renderer/label/viewport.ts';

const canvas = { width: 800, height: 600 };
const face = { width: 96, height: 96 };

const points = fc.record({
  x: fc.double({ min: -5, max: 100, noNaN: true }),
  y: fc.double({ min: -5, max: 100, noNaN: true }),
});
const viewports = fc.record({
  scale: fc.double({ min: 0.05, max: 96, noNaN: true }),
  x: fc.integer({ min: -2000, max: 2000 }),
  y: fc.integer({ min: -2000, max: 2000 }),
});

test('a pixel centre lies in the middle of the square that the pixel covers on the screen', () => {
  expect(toScreen({ scale: 8, x: 100, y: 40 }, { x: 0, y: 2 })).toEqual({ x: 104, y: 60 });
});

test('from image to screen and back is the same place, at every zoom', () => {
  fc.assert(
    fc.property(viewports, points, (viewport, point) => {
      const back = toImage(viewport, toScreen(viewport, point));
      expect(back.x).toBeCloseTo(point.x, 6);
      expect(back.y).toBeCloseTo(point.y, 6);
    }),
  );
});

test('what is under the pointer stays under it when zoomed', () => {
  fc.assert(
    fc.property(
      viewports,
      points,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      (viewport, pointer, factor) => {
        const before = toImage(viewport, pointer);
        const after = toImage(zoomAt(viewport, pointer, factor), pointer);
        expect(after.x).toBeCloseTo(before.x, 4);
        expect(after.y).toBeCloseTo(before.y, 4);
      },
    ),
  );
});

test('zooming ends where a pixel of the image is as large as a thumb', () => {
  expect(zoomAt({ scale: 90, x: 0, y: 0 }, { x: 10, y: 10 }, 4).scale).toBe(96);
});

describe('fitted', () => {
  test('a small picture takes a whole number of screen pixels for each of its own', () => {
    expect(fit(face, canvas)).toEqual({ scale: 5, x: 160, y: 60 });
  });

  test('a large picture is shrunk until it is seen whole', () => {
    const { scale, x, y } = fit({ width: 4000, height: 3000 }, canvas);
    expect(scale).toBeCloseTo(0.184, 3);
    expect(x).toBeGreaterThan(0);
    expect(y).toBeGreaterThan(0);
  });
});

test('a picture moved aside stays partly in sight', () => {
  const away = pan({ scale: 5, x: 160, y: 60 }, { x: -5000, y: 5000 }, face, canvas);
  expect(away).toEqual({ scale: 5, x: 48 - 480, y: 600 - 48 });
});

describe('a place that is pointed at', () => {
  test('is brought to a tenth of a pixel', () => {
    expect(snap({ x: 30.2487, y: 36.35 }, face)).toEqual({ x: 30.2, y: 36.4 });
  });

  test('is brought to the edge of the picture when it lies outside', () => {
    expect(snap({ x: -3, y: 200 }, face)).toEqual({ x: -0.5, y: 95.5 });
  });

  test('is never a negative zero', () => {
    expect(Object.is(snap({ x: -0.01, y: 0 }, face).x, 0)).toBe(true);
  });
});
