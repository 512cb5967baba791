import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gap, gridGeometry, moved } from '../../../src/renderer/dataset/geometry.ts';

describe('the grid of faces', () => {
  const width = fc.integer({ min: 148, max: 4000 });

  test('fills the width with whole faces', () => {
    fc.assert(
      fc.property(width, (width) => {
        const { columns, side } = gridGeometry(width, false);
        const used = columns * side + (columns - 1) * gap;
        expect(used).toBeLessThanOrEqual(width);
        expect(width - used).toBeLessThan(columns);
      }),
    );
  });

  test('gains columns, not larger faces, in a wider window', () => {
    fc.assert(
      fc.property(width, (width) => {
        const { columns, side } = gridGeometry(width, false);
        expect(side).toBeGreaterThanOrEqual(148);
        if (columns > 2) expect(side).toBeLessThan(148 * 1.5);
        expect(gridGeometry(2 * width + gap, false).columns).toBeGreaterThan(columns);
      }),
    );
  });

  test('still shows one column where there is hardly room', () => {
    expect(gridGeometry(40, false)).toMatchObject({ columns: 1, side: 40 });
  });
});

describe('the arrow keys', () => {
  const from = (index: number, key: string, modifier = {}) =>
    moved({ key, ctrlKey: false, metaKey: false, ...modifier }, index, 22, 5, 3);

  test('walk along the rows and on to the next one', () => {
    expect(from(4, 'ArrowRight')).toBe(5);
    expect(from(5, 'ArrowLeft')).toBe(4);
    expect(from(21, 'ArrowRight')).toBe(21);
    expect(from(0, 'ArrowLeft')).toBe(0);
  });

  test('keep the column up and down, and end in the last row', () => {
    expect(from(7, 'ArrowUp')).toBe(2);
    expect(from(2, 'ArrowUp')).toBe(2);
    expect(from(16, 'ArrowDown')).toBe(21);
    expect(from(18, 'ArrowDown')).toBe(21);
    expect(from(21, 'ArrowDown')).toBe(21);
  });

  test('leaf by what is in view, but for one row', () => {
    expect(from(1, 'PageDown')).toBe(11);
    expect(from(11, 'PageUp')).toBe(1);
    expect(from(8, 'PageUp')).toBe(3);
    expect(from(20, 'PageDown')).toBe(21);
  });

  test('go to the ends of a row, and with Ctrl or Cmd to those of all', () => {
    expect(from(7, 'Home')).toBe(5);
    expect(from(7, 'End')).toBe(9);
    expect(from(20, 'End')).toBe(21);
    expect(from(7, 'Home', { ctrlKey: true })).toBe(0);
    expect(from(7, 'End', { metaKey: true })).toBe(21);
  });

  test('are those keys only', () => {
    expect(from(7, 'a')).toBeUndefined();
  });
});
