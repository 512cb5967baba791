import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageFilter, Selection } from '../../../src/contract/cells.ts';
import { imageFilter, imageOrder, selection } from '../../../src/contract/cells.ts';
import { labelStates } from '../../../src/domain/label.ts';
import { orders, readSelection, writeSelection } from '../../../src/renderer/dataset/selection.ts';

const anything = fc.string({ unit: 'grapheme', minLength: 1 });
const number = fc.integer({ min: 0, max: 999_999_999 });

const parts: { [K in keyof ImageFilter]-?: fc.Arbitrary<NonNullable<ImageFilter[K]>> } = {
  keypoint: anything,
  state: fc.constantFrom(...labelStates),
  kind: fc.constantFrom('training', 'test'),
  source: number,
  author: anything,
  split: fc.constantFrom('training', 'validation'),
  duplicates: fc.oneof(fc.constant('any' as const), number),
  complete: fc.boolean(),
  disputed: fc.boolean(),
  predicted: fc.boolean(),
  text: anything,
};

const anySelection = fc.record({
  filter: fc.record(parts, { requiredKeys: [] }) as fc.Arbitrary<ImageFilter>,
  order: fc.constantFrom(...orders),
  reversed: fc.boolean(),
}) satisfies fc.Arbitrary<Selection>;

describe('a selection in an address', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(anySelection, (chosen) => {
        const address = writeSelection(chosen).toString();
        expect(readSelection(new URLSearchParams(address))).toEqual(chosen);
      }),
    );
  });

  test('is one that the service takes, whatever the address says', () => {
    const names = fc.constantFrom(...Object.keys(parts), 'order', 'reversed', 'nonsense');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, fc.oneof(anything, fc.constantFrom('yes', '-1', '1e3', '', 'valueOf')))),
        (pairs) => {
          expect(selection.safeParse(readSelection(new URLSearchParams(pairs))).success).toBe(true);
        },
      ),
    );
  });

  test('is empty where a fresh screen shows the same', () => {
    expect(writeSelection({ filter: {}, order: 'added', reversed: false }).toString()).toBe('');
    expect(readSelection(new URLSearchParams())).toEqual({ filter: {}, order: 'added', reversed: false });
  });

  test('does not depend on the sequence in which filters were chosen', () => {
    const address = (filter: ImageFilter) => writeSelection({ filter }).toString();
    expect(address({ kind: 'test', state: 'absent' })).toBe(address({ state: 'absent', kind: 'test' }));
  });

  test('can hold every filter and order that the service knows', () => {
    expect(Object.keys(parts)).toEqual(Object.keys(imageFilter.shape));
    expect([...orders].sort()).toEqual([...imageOrder.options].sort());
  });
});
