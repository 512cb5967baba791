/** The file in a run's folder with what the last epoch says beside its point in the curves. */
import { existsSync, readFileSync } from 'node:fs';
import type { Baselines } from '../baselines/baselines.ts';
import { findSuspects, rowsByError, type Trial, withoutSuspects } from '../evaluation/evaluation.ts';
import type { Dataset } from './dataset.ts';
import type { EpochDetail } from './messages.ts';

export const detailFile = 'epoch.json';

/** How many of the worst faces are kept. */
const mostWorst = 12;

/** @param score the baselines on the images of a trial */
export function detailOf(
  epoch: number,
  { imageIds, schema }: Dataset,
  trial: Trial,
  score: (trial: Trial) => Baselines,
): EpochDetail {
  const outputs = 2 * schema.keypoints.length;
  return {
    epoch,
    worst: rowsByError(trial)
      .slice(0, mostWorst)
      .map(({ row, rmse }) => ({
        imageId: imageIds[trial.images[row]!]!,
        rmse,
        points: [...trial.predicted.subarray(row * outputs, (row + 1) * outputs)],
      })),
    baselines: score(withoutSuspects(trial, findSuspects(trial))),
  };
}

/** @returns undefined before the end of the first epoch */
export function readDetail(file: string): EpochDetail | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as EpochDetail) : undefined;
}
