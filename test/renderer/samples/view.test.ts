import { expect, test } from 'vitest';
import { noAugmentation } from '../../../src/domain/recipe.ts';
import { readView, type View, writeView } from '../../../src/renderer/samples/view.ts';

const fresh = readView(new URLSearchParams());

test('an address that says nothing shows the samples as the next run has them', () => {
  expect(fresh).toEqual({
    ...{ seed: undefined, frozen: true, only: undefined, image: undefined, epoch: 1 },
    ...{ shown: 'samples', augmentation: undefined },
  });
  expect(writeView(fresh).toString()).toBe('');
});

test('what is shown comes back from the address', () => {
  const view: View = {
    ...{ seed: 7, frozen: false, only: 'shift', image: 12, epoch: 3, shown: 'proof' },
    augmentation: { ...noAugmentation, shift: 12.5, mirror: 1 },
  };
  expect(readView(writeView(view))).toEqual(view);
});

test('what nobody can have meant is as in a fresh screen', () => {
  const query = new URLSearchParams('seed=-1&only=magic&image=x&rotation=far&shown=else');
  expect(readView(query)).toEqual(fresh);
});
