/**
 * The split that a run began with, kept in its folder. Computed again, it might move a person from one side to the
 * other when pictures were added or the grouping changed, and the run would be judged on what it learned from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import { replaceFile } from '../ml/training/checkpoint.ts';
import type { RowChoice, RunConfig } from '../ml/training/config.ts';
import { completeImages, type Dataset } from '../ml/training/dataset.ts';
import { type Split, splitImages } from '../ml/training/split.ts';
import { splitFile, type SplitFile, startSplitFile } from '../ml/training/split-file.ts';

/** @throws Error when the snapshot's images are not those that were split; InputProblem when there is nothing to learn from. */
export function splitOfRun(runDirectory: string, dataset: Dataset, config: RunConfig): Split {
  const file = join(runDirectory, splitFile);
  if (!existsSync(file)) {
    const split = learningFrom(config.rows, dataset, newSplit(runDirectory, dataset, config));
    const kept: SplitFile = {
      imageIds: dataset.imageIds,
      training: [...split.training],
      validation: [...split.validation],
      groups: [...split.groups],
    };
    replaceFile(file, [Buffer.from(JSON.stringify(kept))]);
    return split;
  }
  const kept = readSplit(file);
  if (kept.imageIds.join() !== dataset.imageIds.join())
    throw new Error(`The images of the run's snapshot are not those of ${file}.`);
  return {
    training: Int32Array.from(kept.training),
    validation: Int32Array.from(kept.validation),
    groups: Int32Array.from(kept.groups),
  };
}

/** A run that starts from another one's parameters is not judged on what that one has learned from. */
function newSplit(runDirectory: string, dataset: Dataset, { split: choice }: RunConfig): Split {
  const split = splitImages(dataset, choice);
  const startFile = join(runDirectory, startSplitFile);
  if (!existsSync(startFile)) return split;
  const start = readSplit(startFile);
  const groupsOf = (positions: readonly number[]) => {
    const ids = new Set(positions.map((position) => start.imageIds[position]!));
    return new Set(split.groups.filter((_, image) => ids.has(dataset.imageIds[image]!)));
  };
  const [learned, judged] = [groupsOf(start.training), groupsOf(start.validation)];
  const held = new Set(split.validation);
  const validates = (image: number) => {
    const group = split.groups[image]!;
    return !learned.has(group) && (judged.has(group) || held.has(image));
  };
  const images = Int32Array.from(dataset.imageIds.keys());
  const validation = images.filter(validates);
  if (validation.length === 0)
    throw new InputProblem(
      'No image is left to validate on that the run to start from has not learned from.',
      {
        hint: 'Label more images, or start from scratch.',
      },
    );
  return { training: images.filter((image) => !validates(image)), validation, groups: split.groups };
}

/** All validate as the split says, so that runs on different rows can be compared. */
function learningFrom(rows: RowChoice, { points, schema, imageIds }: Dataset, split: Split): Split {
  if (rows.kind === 'all') return split;
  const complete = completeImages(points, schema.keypoints.length);
  const named = new Set(rows.kind === 'filter' ? rows.images : []);
  const training = split.training.filter((image) =>
    rows.kind === 'complete' ? complete[image] : named.has(imageIds[image]!),
  );
  if (training.length > 0) return { ...split, training };
  throw new InputProblem('There is nothing to learn from.', {
    found:
      rows.kind === 'complete'
        ? 'no training image with every keypoint'
        : 'no training image among those that the filter asks for',
    hint: 'Choose other rows.',
  });
}

/** That a run began with. */
export const readSplitOfRun = (runDirectory: string): SplitFile => readSplit(join(runDirectory, splitFile));

function readSplit(file: string): SplitFile {
  return JSON.parse(readFileSync(file, 'utf8')) as SplitFile;
}
