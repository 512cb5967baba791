/** Samples as training makes them, to be looked at. */
import { type AugmentationChange, augmentationChanges } from '../../domain/recipe.ts';
import { matrixOf } from './affine.ts';
import { applyChanges, type AugmentSettings, type SampleSettings } from './augment.ts';
import { sampleStream } from './batches.ts';
import { type Changes, changesUpTo, drawChanges } from './changes.ts';

/** A picture at the network's size with its points. */
export interface LabelledPicture {
  readonly imageId: number;
  /** Gray, [height, width] of the input. */
  readonly pixels: Uint8Array;
  /** [keypoints, 2] in its pixels, NaN where a keypoint has no place. */
  readonly points: Float32Array;
}

/** What the network gets. */
export interface Sample {
  /** Gray, [height, width]: the network's input, brought to what a screen shows. */
  readonly pixels: Uint8Array;
  /** [keypoints, 2]; NaN where missing or lost. */
  readonly points: Float32Array;
  /** Keypoints have changed places with their partners. */
  readonly mirrored: boolean;
  /** Keypoints that have left the picture. */
  readonly lost: number[];
}

/** @param epoch from 0: this is how a run with that seed and recipe sees the picture then */
export function sampleOf(
  picture: LabelledPicture,
  settings: AugmentSettings,
  { seed, epoch }: { seed: number; epoch: number },
): Sample {
  const random = sampleStream(seed, epoch, picture.imageId);
  return changed(picture, drawChanges(settings.augmentation, settings.input, random), settings);
}

/** The picture as it is, at the network's input. */
export function unchangedSample(picture: LabelledPicture, settings: SampleSettings): Sample {
  return changed(picture, changesUpTo(undefined), settings);
}

/** A sample after one more of its changes. */
export interface SampleStep {
  /** Null for the picture before any. */
  readonly change: AugmentationChange | null;
  /** What was drawn for it: degrees, a factor, pixels, standard deviations. */
  readonly amounts: Readonly<Record<string, number>>;
  /** From the picture's place (x, y, 1) to the sample's, all changes so far taken together. */
  readonly matrix: ReturnType<typeof matrixOf>;
  readonly sample: Sample;
}

/** The changes that the settings turn on, one after the other; the last step is the sample. */
export function stepsOf(
  picture: LabelledPicture,
  settings: AugmentSettings,
  { seed, epoch }: { seed: number; epoch: number },
): SampleStep[] {
  const { augmentation, input } = settings;
  const changes = drawChanges(augmentation, input, sampleStream(seed, epoch, picture.imageId));
  const on = augmentationChanges.filter((name) => augmentation[name] > 0);
  return [null, ...on].map((change) => {
    const soFar = changesUpTo(change ?? undefined, changes);
    return {
      change,
      amounts: change === null ? {} : amountsOf(change, changes),
      matrix: matrixOf(soFar.affine, input),
      sample: changed(picture, soFar, settings),
    };
  });
}

function amountsOf(change: AugmentationChange, { affine, ...changes }: Changes): Record<string, number> {
  switch (change) {
    case 'mirror':
      return { mirrored: Number(affine.mirrored) };
    case 'rotation':
      return { degrees: (affine.angle * 180) / Math.PI };
    case 'scale':
      return { factor: affine.scale };
    case 'shift':
      return { x: affine.shiftX, y: affine.shiftY };
    case 'blur':
      return { pixels: changes.blur };
    case 'contrast':
      return { factor: changes.contrast };
    case 'brightness':
      return { added: changes.brightness };
    case 'noise':
      return { deviation: changes.noise.deviation };
    case 'cutOut':
      return { ...changes.cutOut };
  }
}

function changed({ pixels, points }: LabelledPicture, changes: Changes, settings: SampleSettings): Sample {
  const { mirrored } = changes.affine;
  const picture = new Float32Array(pixels.length);
  const moved = new Float32Array(points.length);
  applyChanges(pixels, points, changes, settings, picture, moved);
  const lost = settings.permutation.flatMap((partner, k) => {
    const from = mirrored ? partner : k;
    return Number.isNaN(moved[2 * k]!) && !Number.isNaN(points[2 * from]!) ? [k] : [];
  });
  return { pixels: visible(picture, settings), points: moved, mirrored, lost };
}

/**
 * The network's input as gray values: `unit` by 255, `standardise` with its mean as 128 and a standard deviation as 48,
 * which shows 2.6 of them to either side.
 */
function visible(picture: Float32Array, { normalisation }: SampleSettings): Uint8Array {
  const [scale, offset] = normalisation === 'unit' ? [255, 0] : [48, 128];
  const gray = new Uint8ClampedArray(picture.length); // it rounds and clips
  for (let i = 0; i < picture.length; i++) gray[i] = scale * picture[i]! + offset;
  return new Uint8Array(gray.buffer);
}
