/**
 * What runs are set beside: baselines, and how noisy the labels are. It depends on a snapshot and a split, not on the
 * run, so it is computed once and kept in the workspace's cache folder.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type BaselinePredictions, predictBaselines } from '../ml/baselines/baselines.ts';
import { type LabelNoise, labelNoise } from '../ml/evaluation/label-noise.ts';
import { readCheckpoint, writeCheckpoint } from '../ml/training/checkpoint.ts';
import type { Dataset } from '../ml/training/dataset.ts';
import type { Split } from '../ml/training/split.ts';

export interface Yardsticks {
  readonly baselines: BaselinePredictions;
  readonly labelNoise: LabelNoise | null;
}

interface Meta {
  /** Spent in computing them. */
  readonly seconds: number;
  /** Pairs of a training and a validation image. */
  readonly pairs: number;
  readonly labelNoise: LabelNoise | null;
}

export function cachedYardsticks(
  workspaceDirectory: string,
  snapshot: string,
  dataset: Dataset,
  split: Split,
): Yardsticks {
  const folder = folderOf(workspaceDirectory);
  const file = join(folder, nameOf(snapshot, split));
  if (existsSync(file)) {
    const { meta, tensors } = readCheckpoint<Meta>(file);
    const named = Object.fromEntries(Array.from(tensors, ([name, { data }]) => [name, data]));
    return { baselines: named as BaselinePredictions, labelNoise: meta.labelNoise };
  }
  const began = performance.now();
  const baselines = predictBaselines(dataset, split);
  const noise = labelNoise(dataset);
  const shape = [split.validation.length, dataset.schema.keypoints.length, 2];
  mkdirSync(folder, { recursive: true });
  writeCheckpoint<Meta>(file, {
    meta: { seconds: (performance.now() - began) / 1000, pairs: pairsOf(split), labelNoise: noise },
    tensors: new Map(Object.entries(baselines).map(([name, data]) => [name, { shape, data }])),
  });
  return { baselines, labelNoise: noise };
}

/**
 * Seconds that a run will spend on its yardsticks: none where they are kept; else as others took here, in proportion. The
 * first ones are computed now, and then kept.
 */
export function yardsticksAhead(
  workspaceDirectory: string,
  snapshot: string,
  dataset: Dataset,
  split: Split,
): number {
  const folder = folderOf(workspaceDirectory);
  if (existsSync(join(folder, nameOf(snapshot, split)))) return 0;
  const latest = latestIn(folder);
  if (latest) {
    const { seconds, pairs } = readCheckpoint<Meta>(latest).meta;
    return (seconds * pairsOf(split)) / pairs;
  }
  cachedYardsticks(workspaceDirectory, snapshot, dataset, split);
  return 0;
}

const folderOf = (workspaceDirectory: string) => join(workspaceDirectory, 'cache');

const pairsOf = ({ training, validation }: Split) => training.length * validation.length;

function nameOf(snapshot: string, { training, validation }: Split): string {
  const key = createHash('sha256').update(snapshot).update(training).update(validation).digest('hex');
  return `yardsticks-${key.slice(0, 16)}.safetensors`;
}

function latestIn(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .filter((name) => /^yardsticks-\w+\.safetensors$/.test(name))
    .map((name) => join(folder, name));
  return files.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
