/** The file in a run's folder with what it says of its validation images, so that runs can be compared image by image. */
import { existsSync } from 'node:fs';
import type { Points } from '../../domain/points.ts';
import { readCheckpoint, writeCheckpoint } from '../training/checkpoint.ts';

export const validationFile = 'validation.safetensors';

/** The same of every labelled image, as placed by what has not learned from it: baselines.ts. */
export const outOfFoldFile = 'out-of-fold.safetensors';

export interface KeptTrial {
  readonly imageIds: readonly number[];
  /** The group of pictures of one person or scene that each image is in. */
  readonly groups: readonly number[];
  /** [images, keypoints, 2] in pixels of the network's input. */
  readonly predicted: Points;
}

type Meta = Omit<KeptTrial, 'predicted'>;

export function writeTrial(file: string, { predicted, ...meta }: KeptTrial): void {
  const shape = [meta.imageIds.length, predicted.length / meta.imageIds.length];
  writeCheckpoint<Meta>(file, { meta, tensors: new Map([['predicted', { shape, data: predicted }]]) });
}

/** @returns undefined when there is none */
export function readTrial(file: string): KeptTrial | undefined {
  if (!existsSync(file)) return undefined;
  const { meta, tensors } = readCheckpoint<Meta>(file);
  return { ...meta, predicted: tensors.get('predicted')!.data };
}
