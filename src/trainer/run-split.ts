/**
 * The split that a run began with, kept in its folder. Computed again, it might move a person from one side to the
 * other when pictures were added or the grouping changed, and the run would be judged on what it learned from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../ml/training/checkpoint.ts';
import type { RunConfig } from '../ml/training/config.ts';
import type { Dataset } from '../ml/training/dataset.ts';
import { type Split, splitImages } from '../ml/training/split.ts';
import { splitFile, type SplitFile } from '../ml/training/split-file.ts';

/** @throws Error when the snapshot's images are not those that were split. */
export function splitOfRun(runDirectory: string, dataset: Dataset, config: RunConfig): Split {
  const file = join(runDirectory, splitFile);
  if (!existsSync(file)) {
    const split = splitImages(dataset, config.split, config.seed);
    const kept: SplitFile = {
      imageIds: dataset.imageIds,
      training: [...split.training],
      validation: [...split.validation],
      groups: [...split.groups],
    };
    replaceFile(file, [Buffer.from(JSON.stringify(kept))]);
    return split;
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as SplitFile;
  if (kept.imageIds.join() !== dataset.imageIds.join())
    throw new Error(`The images of the run's snapshot are not those of ${file}.`);
  return {
    training: Int32Array.from(kept.training),
    validation: Int32Array.from(kept.validation),
    groups: Int32Array.from(kept.groups),
  };
}
