import type { Points } from '../../domain/points.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import type { InputShape } from '../engine/engine.ts';
import type { Pictures } from './pictures.ts';

/** Labelled images at the network's input size. */
export interface Dataset {
  readonly schema: KeypointSchema;
  readonly input: InputShape;
  /** The workspace's ids, in the order of `pictures` and `points`. */
  readonly imageIds: readonly number[];
  readonly pictures: Pictures;
  /** [images, keypoints, 2] in pixels of the input, NaN where a keypoint has no place. On shared memory, for the threads that prepare batches. */
  readonly points: Points;
  /** Pairs of positions known to belong together: near duplicates, rows with one name in a group column. */
  readonly together: readonly (readonly [number, number])[];
  /** How many values a submission asks for of images that it asks for whole and in part; null when nothing is asked for. */
  readonly asked: { readonly complete: number; readonly partial: number } | null;
}

/** Which images have all their keypoints. One entry for each image. */
export function completeImages(points: Points, keypoints: number): boolean[] {
  const outputs = 2 * keypoints;
  return Array.from(
    { length: points.length / outputs },
    (_, image) => !points.subarray(image * outputs, (image + 1) * outputs).some(Number.isNaN),
  );
}

/** [images, keypoints, 2] of some images of a dataset. */
export function pointsOfImages({ points, schema }: Dataset, images: Int32Array): Float32Array {
  const outputs = 2 * schema.keypoints.length;
  const picked = new Float32Array(images.length * outputs);
  images.forEach((image, row) => {
    picked.set(points.subarray(image * outputs, (image + 1) * outputs), row * outputs);
  });
  return picked;
}
