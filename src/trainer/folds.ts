/** Where keypoints are by what has not learned from their labels: what a label that is wrong stands out against. */
import { join } from 'node:path';
import { placeOutOfFold } from '../ml/baselines/folds.ts';
import { outOfFoldFile, writeTrial } from '../ml/evaluation/trial-file.ts';
import type { OutOfFoldCommand, OutOfFoldResult } from '../ml/training/messages.ts';
import { Workspace } from '../workspace/workspace.ts';
import { loadDataset } from './load.ts';
import { splitOfRun } from './run-split.ts';

/** Of the run's snapshot, or of the first member's; people as the run's split tells them apart. */
export function runOutOfFold({
  workspace: directory,
  models,
  runDirectory,
}: OutOfFoldCommand): OutOfFoldResult {
  const { config, runDirectory: ownDirectory } = models[0]!;
  const workspace = Workspace.openReadOnly(directory);
  const dataset = loadDataset(workspace, config.snapshot);
  const { groups } = splitOfRun(ownDirectory, dataset, config);
  writeTrial(join(runDirectory, outOfFoldFile), {
    imageIds: dataset.imageIds,
    groups: [...groups],
    predicted: placeOutOfFold(dataset, groups),
  });
  workspace.close();
  return { command: 'out-of-fold' };
}
