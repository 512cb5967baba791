/** Baselines depend on a snapshot and a split, not on the run, so they are computed once and kept in the workspace's cache folder. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BaselinePredictions, predictBaselines } from '../ml/baselines/baselines.ts';
import { readCheckpoint, writeCheckpoint } from '../ml/training/checkpoint.ts';
import type { Dataset } from '../ml/training/dataset.ts';
import type { Split } from '../ml/training/split.ts';

export function cachedBaselines(
  workspaceDirectory: string,
  snapshot: string,
  dataset: Dataset,
  split: Split,
): BaselinePredictions {
  const key = createHash('sha256')
    .update(snapshot)
    .update(split.training)
    .update(split.validation)
    .digest('hex');
  const folder = join(workspaceDirectory, 'cache');
  const file = join(folder, `baselines-${key.slice(0, 16)}.safetensors`);
  if (existsSync(file)) {
    const { tensors } = readCheckpoint(file);
    return Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, data])) as BaselinePredictions;
  }
  const predictions = predictBaselines(dataset, split);
  const shape = [split.validation.length, dataset.schema.keypoints.length, 2];
  mkdirSync(folder, { recursive: true });
  writeCheckpoint(file, {
    meta: {},
    tensors: new Map(Object.entries(predictions).map(([name, data]) => [name, { shape, data }])),
  });
  return predictions;
}
