import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/domain/random.ts';
import { type Augmentation, noAugmentation, type Normalisation } from '../../../src/domain/recipe.ts';
import { changePixels } from '../../../src/ml/augment/augment.ts';
import { drawChanges } from '../../../src/ml/augment/changes.ts';
import { changePixelsIn, compilePixelKernel } from '../../../src/ml/augment/pixel-kernel.ts';
import { everyChange } from '../../bench/every-change.ts';

const sizes = [
  { width: 96, height: 96 },
  { width: 33, height: 21 },
  { width: 2, height: 3 },
];
/** Rough pictures: at smooth ones a pixel read from beside its place would hardly show. */
const rough = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * i * 31) % 256);

/** The largest difference between the two over many samples. */
async function farthest(input: (typeof sizes)[number], augmentation: Augmentation, kind: Normalisation) {
  const size = input.width * input.height;
  const inKernel = await changePixelsIn(await compilePixelKernel(), input);
  const settings = { input, normalisation: kind };
  const [expected, actual] = [new Float32Array(size), new Float32Array(size)];
  let worst = 0;
  for (let sample = 0; sample < 100; sample++) {
    const changes = drawChanges(augmentation, input, randomStream(5, sample));
    changePixels(rough(size), changes, settings, expected);
    inKernel(rough(size), changes, settings, actual);
    for (let i = 0; i < size; i++) worst = Math.max(worst, Math.abs(expected[i]! - actual[i]!));
  }
  return worst;
}

describe.each(sizes)('at $width x $height', (input) => {
  // Three hundredths of a gray level are 4e-4 of a rough picture's standard deviation.
  test.each(['standardise', 'unit'] as const)('every change as in plain code, %s', async (kind) => {
    expect(await farthest(input, everyChange, kind)).toBeLessThan(4e-4);
  });

  test('an unchanged picture is only normalised', async () => {
    expect(await farthest(input, noAugmentation, 'unit')).toBeLessThan(1e-6);
  });
});

test('a blank picture becomes zeros, not NaN', async () => {
  const input = { width: 5, height: 5 };
  const picture = new Float32Array(25).fill(NaN);
  const changes = drawChanges(noAugmentation, input, randomStream(1));
  (await changePixelsIn(await compilePixelKernel(), input))(new Uint8Array(25).fill(77), changes, { input, normalisation: 'standardise' }, picture); // prettier-ignore
  expect(Math.max(...picture.map(Math.abs))).toBeLessThan(1e-3);
});

test('a picture leaves nothing behind for the next one', async () => {
  const input = sizes[1]!;
  const change = await changePixelsIn(await compilePixelKernel(), input);
  const changes = drawChanges(everyChange, input, randomStream(2));
  const pixels = rough(33 * 21);
  const settings = { input, normalisation: 'standardise' } as const;
  const [first, again] = [new Float32Array(33 * 21), new Float32Array(33 * 21)];
  change(pixels, changes, settings, first);
  change(new Uint8Array(33 * 21).fill(255), changes, settings, again);
  change(pixels, changes, settings, again);
  expect(again).toEqual(first);
});
