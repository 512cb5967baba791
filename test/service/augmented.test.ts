/** On drawn spots at the network's size, 36 of them labelled. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { noAugmentation } from '../../src/domain/recipe.ts';
import { openService } from '../../src/service/service.ts';
import { spotsWorkspace } from '../trainer/spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-augmented-'));
spotsWorkspace(folder);
const service = openService(folder);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});
const { augmentation, network, images } = service.client;
const strengths = { ...noAugmentation, mirror: 0.5, rotation: 20, shift: 12 };

test('an image comes as it is and in its variants, different ones, the same again with the same seed', async () => {
  const ask = { augmentation: strengths, seed: 3, imageIds: [2, 5], variants: 4 };
  const { input, images: shown } = await augmentation.samples(ask);
  expect(input).toEqual({ width: 96, height: 96 });
  expect(shown.map(({ imageId, variants }) => [imageId, variants.length])).toEqual([[2, 4], [5, 4]]); // prettier-ignore
  const pixels = shown[0]!.variants.map((sample) => sample.pixels);
  expect(new Set([shown[0]!.original.pixels, ...pixels]).size).toBe(5);
  expect(Buffer.from(pixels[0]!, 'base64')).toHaveLength(96 * 96);
  expect((await augmentation.samples(ask)).images).toEqual(shown);
  const rerolled = await augmentation.samples({ ...ask, seed: 4 });
  expect(rerolled.images[0]!.variants[0]).not.toEqual(shown[0]!.variants[0]);
});

test('points of the original are the labels, and those lost are counted', async () => {
  const far = { ...noAugmentation, shift: 80 };
  const { images: shown, lost } = await augmentation.samples({ augmentation: far, seed: 1, imageIds: [2], variants: 20 }); // prettier-ignore
  const [labelled] = await images.get({ ids: [2] });
  const [x, y] = shown[0]!.original.points;
  expect(labelled!.labels[0]).toMatchObject({ x: expect.closeTo(x!, 3) as number, y: expect.closeTo(y!, 3) as number }); // prettier-ignore
  expect(lost.of).toBe(60);
  expect(lost.points).toBe(shown[0]!.variants.reduce((sum, sample) => sum + sample.lost.length, 0));
  expect(lost.points).toBeGreaterThan(10);
});

test('one change alone is as strong as among the others', async () => {
  const ask = { augmentation: strengths, seed: 3, imageIds: [2], variants: 1 };
  const { steps } = await augmentation.steps({ ...ask, imageId: 2 });
  const { images: alone } = await augmentation.samples({ ...ask, only: 'mirror' });
  expect(steps.map(({ change }) => change)).toEqual([null, 'mirror', 'rotation', 'shift']);
  expect(alone[0]!.variants[0]).toEqual(steps[1]!.sample);
});

test('a strength that cannot be is refused by its name', async () => {
  const wrong = { ...strengths, blur: 4 };
  await expect(augmentation.samples({ augmentation: wrong, seed: 1, imageIds: [1], variants: 1 })).rejects.toThrow(
    "The augmentation's blur is not valid",
  ); // prettier-ignore
});

test('mirroring is proved for each pair of the schema', async () => {
  const { pairs } = await augmentation.mirrorProof();
  expect(pairs).toMatchObject([{ keypoints: ['left_eye', 'right_eye'], images: 36 }]);
});

test('presets are networks of the workspace’s keypoints', async () => {
  const presets = await network.presets();
  expect(presets.map(({ name }) => name)).toEqual(['mlp', 'lenet5', 'default']);
  const { layers, totals } = await network.describe({ spec: presets[2]!.spec });
  expect(layers.at(-1)!.output).toEqual([6]);
  expect(totals!.parameters).toBeGreaterThan(1e5);
});
