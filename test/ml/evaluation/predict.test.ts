import { expect, test } from 'vitest';
import type { Predictor } from '../../../src/ml/engine/engine.ts';
import { meanOf, predictPasses, predictPoints, spreadOf } from '../../../src/ml/evaluation/predict.ts';
import { type Pictures, picturesInMemory } from '../../../src/ml/training/pictures.ts';

const input = { width: 8, height: 8 };

/** "Left" is the brightest pixel's place, "right" the darkest's: a network that sees exactly, or with a constant bias. */
function seer(bias = 0): Predictor {
  return {
    predict: (images) => {
      const found: number[] = [];
      for (let start = 0; start < images.length; start += 64) {
        const picture = images.subarray(start, start + 64);
        for (const extreme of [Math.max(...picture), Math.min(...picture)]) {
          const at = picture.indexOf(extreme);
          found.push((at % 8) + bias, Math.floor(at / 8));
        }
      }
      return Promise.resolve(Float32Array.from(found, (value) => (value - 3.5) / 4));
    },
    dispose: () => Promise.resolve(),
  };
}

function pictures(count: number): Pictures {
  const pixels = new Uint8Array(count * 64).fill(100);
  for (let picture = 0; picture < count; picture++) {
    pixels[64 * picture + (picture % 64)] = 200;
    pixels[64 * picture + ((picture + 10) % 64)] = 0;
  }
  return picturesInMemory(pixels, 64);
}

const settings = {
  input,
  normalisation: 'standardise',
  permutation: [0, 1],
  mirror: false,
  shift: 0,
} as const;

test('points come in pixels, for the images wanted and in their order', async () => {
  const points = await predictPoints(seer(), pictures(9), Int32Array.of(8, 3), settings);
  expect([...points]).toEqual([0, 1, 2, 2, 3, 0, 5, 1]);
});

test('more images than one batch are all predicted', async () => {
  const images = Int32Array.from({ length: 300 }, (_, i) => i);
  const points = await predictPoints(seer(), pictures(300), images, settings);
  expect(points[4 * 299]).toBe((299 % 64) % 8);
});

test('averaging with the mirror image changes nothing for a network without bias', async () => {
  const images = Int32Array.of(3, 7);
  const plain = await predictPoints(seer(), pictures(9), images, settings);
  expect(await predictPoints(seer(), pictures(9), images, { ...settings, mirror: true })).toEqual(plain);
});

test('averaging with the mirror image cancels a bias to one side', async () => {
  const images = Int32Array.of(3, 7);
  const exact = await predictPoints(seer(), pictures(9), images, settings);
  expect(await predictPoints(seer(0.5), pictures(9), images, { ...settings, mirror: true })).toEqual(exact);
});

test('moved pictures are brought back: they change nothing for a network that sees exactly', async () => {
  const middle = new Uint8Array(2 * 64).fill(100);
  for (const [bright, dark] of [
    [27, 36],
    [64 + 35, 64 + 20],
  ] as const) {
    middle[bright] = 200;
    middle[dark] = 0;
  }
  const seen = [seer(), picturesInMemory(middle, 64), Int32Array.of(1, 0)] as const;
  const passes = await predictPasses(...seen, { ...settings, mirror: true, shift: 2 });
  expect(passes).toHaveLength(6);
  const plain = await predictPoints(...seen, settings);
  for (const pass of passes) expect(pass.map((value, i) => Math.abs(value - plain[i]!) < 1e-5 ? 1 : 0)).toEqual(new Float32Array(8).fill(1)); // prettier-ignore
});

test('what is moved in is the edge carried on', async () => {
  const inputs: Float32Array[] = [];
  const watching: Predictor = {
    predict: (images) => {
      inputs.push(images.slice());
      return Promise.resolve(new Float32Array((4 * images.length) / 64));
    },
    dispose: () => Promise.resolve(),
  };
  const rows = picturesInMemory(
    Uint8Array.from({ length: 64 }, (_, i) => (i >> 3) * 10),
    64,
  );
  await predictPoints(watching, rows, Int32Array.of(0), { ...settings, normalisation: 'unit', shift: 3 });
  const columnOf = (pass: number) => Array.from({ length: 8 }, (_, y) => Math.round(inputs[0]![64 * pass + 8 * y + 2]! * 255)); // prettier-ignore
  expect([columnOf(0), columnOf(1), columnOf(2)]).toEqual([
    [0, 10, 20, 30, 40, 50, 60, 70],
    [0, 0, 0, 0, 10, 20, 30, 40],
    [30, 40, 50, 60, 70, 70, 70, 70],
  ]);
});

test('passes are told one by one: their mean is the prediction, and a bias to one side sets them apart', async () => {
  const images = Int32Array.of(3, 7);
  const mirrored = { ...settings, mirror: true };
  const passes = await predictPasses(seer(0.5), pictures(9), images, mirrored);
  expect(meanOf(passes)).toEqual(await predictPoints(seer(0.5), pictures(9), images, mirrored));
  expect([...spreadOf(passes)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect([...spreadOf(await predictPasses(seer(), pictures(9), images, mirrored))]).toEqual([0, 0, 0, 0]);
});
