/** Baselines depend on a snapshot and a split, not on the run, so they are computed once and kept in the workspace's cache folder. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BaselinePredictions, predictBaselines } from '../ml/baselines/baselines.ts';
import { readCheckpoint, writeCheckpoint } from '../ml/training/checkpoint.ts';
import type { Dataset } from '../ml/training/dataset.ts';
import type { Split } from '../ml/training/split.ts';

/** What computing them took. */
interface Effort {
  readonly seconds: number;
  /** Pairs of a training and a validation image. */
  readonly pairs: number;
}

export function cachedBaselines(
  workspaceDirectory: string,
  snapshot: string,
  dataset: Dataset,
  split: Split,
): BaselinePredictions {
  const folder = folderOf(workspaceDirectory);
  const file = join(folder, nameOf(snapshot, split));
  if (existsSync(file)) {
    const { tensors } = readCheckpoint(file);
    return Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, data])) as BaselinePredictions;
  }
  const began = performance.now();
  const predictions = predictBaselines(dataset, split);
  const shape = [split.validation.length, dataset.schema.keypoints.length, 2];
  mkdirSync(folder, { recursive: true });
  writeCheckpoint<Effort>(file, {
    meta: { seconds: (performance.now() - began) / 1000, pairs: pairsOf(split) },
    tensors: new Map(Object.entries(predictions).map(([name, data]) => [name, { shape, data }])),
  });
  return predictions;
}

/**
 * Seconds that a run will spend on its baselines: none where they are kept; else as others took here, in proportion. The
 * first ones are computed now, and then kept.
 */
export function baselinesAhead(
  workspaceDirectory: string,
  snapshot: string,
  dataset: Dataset,
  split: Split,
): number {
  const folder = folderOf(workspaceDirectory);
  if (existsSync(join(folder, nameOf(snapshot, split)))) return 0;
  const latest = latestIn(folder);
  const { seconds, pairs } = latest ? readCheckpoint<Partial<Effort>>(latest).meta : {};
  if (seconds !== undefined && pairs !== undefined) return (seconds * pairsOf(split)) / pairs;
  cachedBaselines(workspaceDirectory, snapshot, dataset, split);
  return 0;
}

const folderOf = (workspaceDirectory: string) => join(workspaceDirectory, 'cache');

const pairsOf = ({ training, validation }: Split) => training.length * validation.length;

function nameOf(snapshot: string, { training, validation }: Split): string {
  const key = createHash('sha256').update(snapshot).update(training).update(validation).digest('hex');
  return `baselines-${key.slice(0, 16)}.safetensors`;
}

function latestIn(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .filter((name) => /^baselines-\w+\.safetensors$/.test(name))
    .map((name) => join(folder, name));
  return files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
