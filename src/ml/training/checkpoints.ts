/**
 * The checkpoints in a run's folder: where it stands, its best epoch, what it started from, and epochs that it can go
 * back to.
 *
 * Each holds parameters and the optimizer's moments, three numbers for each parameter: 20 MB for the default network, 95
 * MB for lenet5. So that a run's folder stays bounded however long it trains, five epochs at most are kept, evenly
 * spread: enough to go back to before something went wrong, at six times the size of the last one alone. A kept epoch is
 * another name of what was the last checkpoint then, so keeping it writes nothing.
 */
import { copyFileSync, existsSync, linkSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from '../../domain/problem.ts';
import type { Parameters } from '../engine/engine.ts';
import { readCheckpoint, syncFolder, writeCheckpoint } from './checkpoint.ts';
import { curvesFile, cutCurves, readCurves } from './curves.ts';
import type { Pace } from './pace.ts';

export const lastCheckpoint = 'last.safetensors';
/** The parameters with the lowest validation RMSE; `meta` is a BestEpoch. */
export const bestCheckpoint = 'best.safetensors';
/** The parameters that a run starts from which goes on from another one's. */
export const startCheckpoint = 'start.safetensors';

export interface BestEpoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Pixels, on the validation images. */
  readonly rmse: number;
  /** Pixels, on training images. */
  readonly trainRmse: number;
}

/** Where a run stands. Everything random is named by the seed and these numbers, so nothing else needs storing. */
export interface Position {
  /** Steps done. */
  step: number;
  pace: Pace;
  best: BestEpoch | null;
  /** Sum of the losses of this epoch's steps so far. */
  lossSum: number;
  /** Spent before this process began. */
  secondsBefore: number;
}

const mostKept = 5;

/** Of the epochs up to this one those whose checkpoints are kept. */
export function epochsToKeep(epoch: number): number[] {
  let stride = 1;
  while (epoch / stride >= mostKept + 1) stride *= 2;
  return Array.from({ length: Math.floor(epoch / stride) }, (_, i) => (i + 1) * stride);
}

/** Keeps the last checkpoint as that of the epoch that has just ended, if it is its turn, and drops those that are not kept any more. */
export function keepEpoch(directory: string, epoch: number): void {
  const wanted = new Set(epochsToKeep(epoch));
  if (wanted.has(epoch)) nameToo(directory, lastCheckpoint, epochCheckpoint(epoch));
  for (const { epoch: kept } of keptEpochs(directory))
    if (!wanted.has(kept)) rmSync(join(directory, epochCheckpoint(kept)), { force: true });
}

/** Epochs that the run can go back to. */
export function keptEpochs(directory: string): { epoch: number; bytes: number }[] {
  return readdirSync(directory)
    .flatMap((name) => {
      const epoch = Number(/^epoch-(\d+)\.safetensors$/.exec(name)?.[1] ?? NaN);
      return Number.isNaN(epoch) ? [] : [{ epoch, bytes: statSync(join(directory, name)).size }];
    })
    .sort((a, b) => a.epoch - b.epoch);
}

/** The checkpoint's file of a kept epoch. @throws InputProblem when that epoch is not kept */
export function keptCheckpoint(directory: string, epoch: number): string {
  const file = join(directory, epochCheckpoint(epoch));
  if (existsSync(file)) return file;
  const kept = keptEpochs(directory).map((known) => known.epoch);
  throw new InputProblem('There is no checkpoint of this epoch.', {
    found: String(epoch),
    expected: kept.length === 0 ? 'the last one' : kept.join(', '),
  });
}

/** Gives up what a run did after a kept epoch. @throws InputProblem when that epoch is not kept */
export function goBackTo(directory: string, epoch: number): void {
  const file = keptCheckpoint(directory, epoch);
  const { meta, tensors } = readCheckpoint<Position>(file);
  const best = join(directory, bestCheckpoint);
  if (readCheckpoint<BestEpoch>(best).meta.epoch > epoch) {
    // An earlier epoch may have been better, but its parameters are not there any more.
    const curve = readCurves(join(directory, curvesFile));
    const { validationRmse, trainRmse } = curve.find((point) => point.epoch === epoch)!;
    writeCheckpoint<BestEpoch>(best, {
      meta: { epoch, rmse: validationRmse, trainRmse },
      tensors: withPrefix(tensors, 'parameters/'),
    });
  }
  nameToo(directory, epochCheckpoint(epoch), lastCheckpoint);
  forgetAfter(directory, { epoch, step: meta.step });
}

/** Drops what a run's folder still holds of later epochs than the one that it goes on from. */
export function forgetAfter(directory: string, { epoch, step }: { epoch: number; step: number }): void {
  cutCurves(join(directory, curvesFile), step);
  for (const kept of keptEpochs(directory))
    if (kept.epoch > epoch) rmSync(join(directory, epochCheckpoint(kept.epoch)), { force: true });
}

/** The tensors whose names begin so, without that beginning. */
export function withPrefix(tensors: Parameters, prefix: string): Parameters {
  return new Map(
    Array.from(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

const epochCheckpoint = (epoch: number) => `epoch-${epoch}.safetensors`;

/** Gives a file another name beside its own, in place of whatever has that name; a copy where the disk knows no links. */
function nameToo(directory: string, name: string, other: string): void {
  const unfinished = join(directory, `${other}.new`);
  rmSync(unfinished, { force: true });
  try {
    linkSync(join(directory, name), unfinished);
  } catch {
    copyFileSync(join(directory, name), unfinished);
  }
  renameSync(unfinished, join(directory, other));
  syncFolder(directory);
}
