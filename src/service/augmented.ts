/** Augmented samples of the workspace's images, and the proof that mirroring is right. */
import { setImmediate } from 'node:timers/promises';
import type { AugmentedSample, SamplesInput, StepsInput } from '../contract/augmentation.ts';
import { isPlaced } from '../domain/label.ts';
import { type AugmentationChange, noAugmentation } from '../domain/recipe.ts';
import { mirrorPermutation } from '../domain/schema.ts';
import type { AugmentSettings } from '../ml/augment/augment.ts';
import { MirrorProof } from '../ml/augment/mirror-proof.ts';
import {
  type LabelledPicture,
  type Sample,
  sampleOf,
  stepsOf,
  unchangedSample,
} from '../ml/augment/samples.ts';
import { fitOf, fitPixels, networkInput, pointsToInput } from '../ml/training/fit.ts';
import { parseAugmentation } from '../ml/training/recipe.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { notFound } from './problems.ts';

/** Milliseconds of work after which others get their turn. */
const turn = 10;

export async function augmentedSamples(workspace: Workspace, asked: SamplesInput) {
  const { imageIds, variants, only, seed } = asked;
  const settings = settingsOf(workspace, asked);
  const shown =
    only === undefined ? settings : { ...settings, augmentation: alone(settings.augmentation, only) };
  const lost = { points: 0, of: 0 };
  const others = new Turns();
  const images = [];
  for (const imageId of imageIds) {
    const picture = labelledPicture(workspace, imageId);
    const samples = Array.from({ length: variants }, (_, epoch) => sampleOf(picture, shown, { seed, epoch }));
    for (const sample of samples) lost.points += sample.lost.length;
    lost.of += (variants * picture.points.filter((value) => !Number.isNaN(value)).length) / 2;
    images.push({ imageId, original: view(unchangedSample(picture, shown)), variants: samples.map(view) });
    await others.pass();
  }
  return { input: networkInput, images, lost };
}

export function augmentationSteps(workspace: Workspace, asked: StepsInput) {
  const { imageId, seed, variant } = asked;
  const picture = labelledPicture(workspace, imageId);
  const steps = stepsOf(picture, settingsOf(workspace, asked), { seed, epoch: variant });
  return {
    input: networkInput,
    steps: steps.map(({ sample, ...step }) => ({ ...step, sample: view(sample) })),
  };
}

/** Over every image that has a keypoint. */
export async function proveMirroring(workspace: Workspace) {
  const { schema, images } = workspace;
  const proof = new MirrorProof(networkInput, mirrorPermutation(schema));
  const others = new Turns();
  for (const imageId of images.ids()) {
    const picture = labelledPicture(workspace, imageId);
    if (!picture.points.every(Number.isNaN)) proof.add(picture);
    await others.pass();
  }
  const { pairs, ...findings } = proof.findings();
  const names = ([first, second]: readonly [number, number]): [string, string] => [
    schema.keypoints[first]!,
    schema.keypoints[second]!,
  ];
  return {
    ...findings,
    pairs: pairs.map(({ keypoints, looksLike, ...pair }) => ({
      ...pair,
      keypoints: names(keypoints),
      looksLike: looksLike && names(looksLike),
    })),
  };
}

/** Lets other work of the service in between. */
class Turns {
  #began = performance.now();

  async pass(): Promise<void> {
    if (performance.now() - this.#began < turn) return;
    await setImmediate();
    this.#began = performance.now();
  }
}

/** With the labels as they are now. @throws NOT_FOUND when there is no such image */
function labelledPicture({ images, labels }: Workspace, imageId: number): LabelledPicture {
  const image = images.get(imageId);
  if (!image) throw notFound(`There is no image ${imageId}.`);
  const points = labels.of(imageId).flatMap((label) => (isPlaced(label) ? [label.x, label.y] : [NaN, NaN]));
  return {
    imageId,
    pixels: fitPixels({ ...image, pixels: images.pixels(imageId) }, networkInput),
    points: pointsToInput(Float32Array.from(points), fitOf(image, networkInput)),
  };
}

/** @throws InputProblem naming the strength that is wrong */
function settingsOf(
  { schema }: Workspace,
  { augmentation, normalisation }: Pick<StepsInput, 'augmentation' | 'normalisation'>,
): AugmentSettings {
  return {
    input: networkInput,
    permutation: mirrorPermutation(schema),
    augmentation: parseAugmentation(augmentation),
    normalisation,
  };
}

function alone(
  augmentation: AugmentSettings['augmentation'],
  only: AugmentationChange,
): AugmentSettings['augmentation'] {
  return { ...noAugmentation, [only]: augmentation[only] };
}

function view({ pixels, points, mirrored, lost }: Sample): AugmentedSample {
  return {
    pixels: Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength).toString('base64'),
    points: Array.from(points, (value) => (Number.isNaN(value) ? null : value)),
    mirrored,
    lost,
  };
}
