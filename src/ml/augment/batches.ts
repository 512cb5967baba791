/** Which samples a step trains on, and how they look. A function of seed and step alone, so nothing of it needs storing. */
import type { Points } from '../../domain/points.ts';
import { type Random, randomStream, shuffle } from '../../domain/random.ts';
import type { Batch } from '../engine/engine.ts';
import type { Pictures, PictureSource } from '../training/pictures.ts';
import { streams } from '../training/streams.ts';
import { targetsOf } from '../training/targets.ts';
import { augment, type AugmentSettings, changePixels } from './augment.ts';

export interface BatchSource extends AugmentSettings {
  readonly pictures: PictureSource;
  /** [images, keypoints, 2] in pixels of the input, NaN where missing */
  readonly points: Points;
  /** The workspace's ids, in the order of `pictures` and `points`: they name what is drawn for each image. */
  readonly imageIds: readonly number[];
  /** The images to train on, as positions in `pictures` and `points`. */
  readonly images: Int32Array;
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * What decides how an image looks in an epoch (counted from 0), whatever else is trained on: so it can be shown before.
 * @param again how often the epoch has had the image before, where its last batch is filled up
 */
export function sampleStream(seed: number, epoch: number, imageId: number, again = 0): Random {
  return randomStream(seed, streams.augmentation, epoch, imageId, again);
}

/** Steps in which every training image is seen at least once. */
export function stepsPerEpoch({ images, batchSize }: Pick<BatchSource, 'images' | 'batchSize'>): number {
  return Math.ceil(images.length / batchSize);
}

export function emptyBatch({ input, permutation, batchSize }: BatchSource): Batch {
  const outputs = 2 * permutation.length;
  return {
    images: new Float32Array(batchSize * input.width * input.height),
    targets: new Float32Array(batchSize * outputs),
    mask: new Float32Array(batchSize * outputs),
  };
}

/**
 * A function that fills a batch for any step, steps counted from 0. Each epoch goes through the images in an order of its
 * own; its last batch is filled up with the epoch's first images.
 */
export function batchFiller(
  source: BatchSource,
  pictures: Pictures,
  change = changePixels,
): (step: number, batch: Batch) => void {
  const { input, images, batchSize, seed, permutation } = source;
  const size = input.width * input.height;
  const outputs = 2 * permutation.length;
  const perEpoch = stepsPerEpoch(source);
  const moved = new Float32Array(outputs);
  let order = images;
  let orderedEpoch = -1;

  return (step, batch) => {
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== orderedEpoch) order = shuffle(images.slice(), randomStream(seed, streams.order, epoch));
    orderedEpoch = epoch;
    const first = (step % perEpoch) * batchSize;
    for (let i = 0; i < batchSize; i++) {
      const image = order[(first + i) % order.length]!;
      augment(
        pictures.read(image),
        source.points.subarray(image * outputs, (image + 1) * outputs),
        source,
        sampleStream(seed, epoch, source.imageIds[image]!, Math.floor((first + i) / order.length)),
        batch.images.subarray(i * size, (i + 1) * size),
        moved,
        change,
      );
      const targets = targetsOf(moved, input);
      for (let output = 0; output < outputs; output++) {
        const asked = !Number.isNaN(targets[output]!);
        batch.targets[i * outputs + output] = asked ? targets[output]! : 0;
        batch.mask[i * outputs + output] = asked ? 1 : 0;
      }
    }
  };
}
