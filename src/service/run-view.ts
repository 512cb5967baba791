/** A run as clients see it: the database's record, the training's result, and the curve in its folder. */
import { join } from 'node:path';
import type { EpochDetailView, RunView } from '../contract/runs.ts';
import type { Baselines } from '../ml/baselines/baselines.ts';
import type { Evaluation } from '../ml/evaluation/evaluation.ts';
import { curvesFile, readCurves } from '../ml/training/curves.ts';
import type { EnsembleConfig, RunConfig } from '../ml/training/config.ts';
import { detailFile, readDetail } from '../ml/training/epoch-detail.ts';
import { fitOf, networkInput, pointsToPicture } from '../ml/training/fit.ts';
import type { EnsembleResult, EpochDetail, TrainResult } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';

const baselineNames: Record<keyof Baselines, string> = {
  meanShape: 'mean shape',
  nearestNeighbours: 'nearest neighbours',
  pcaNearestNeighbours: 'PCA + nearest neighbours',
  pcaRidge: 'PCA + ridge',
};

/** What a run that this service works on is at. */
export interface Underway {
  readonly paused: boolean;
  /** Runs that train before it does; null for one that trains. */
  readonly ahead: number | null;
}

/** @param underway what the service knows of a run that it works on */
export function viewRun(workspace: Workspace, run: Run, underway?: Underway): RunView {
  const finished = run.metrics as TrainResult | EnsembleResult | null;
  const result = finished?.command === 'ensemble' ? null : finished;
  const { members = [], rows, start } = run.config as Partial<RunConfig & EnsembleConfig>;
  const validation = finished?.validation ?? null;
  const directory = workspace.runs.directoryOf(run);
  const last = finished ? undefined : readCurves(join(directory, curvesFile)).at(-1);
  return {
    runId: run.id,
    status: run.status,
    paused: underway?.paused ?? false,
    ahead: underway?.ahead ?? null,
    engine: finished?.engine ?? run.engine,
    network: run.preset,
    seed: run.seed,
    epochs: result?.epochs ?? last?.epoch ?? 0,
    seconds: finished?.seconds ?? last?.seconds ?? 0,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    members: [...members],
    rows: rows?.kind ?? null,
    start: start ?? null,
    tags: [...run.tags],
    note: run.note,
    archived: run.archivedAt !== null,
    trainRmse: result?.trainRmse ?? last?.trainRmse ?? null,
    bestEpoch: result?.bestEpoch ?? null,
    snapshot: run.snapshotId,
    directory,
    parameters: finished?.parameters ?? null,
    trainingImages: result?.trainingImages ?? null,
    validationImages: finished?.validationImages ?? null,
    imagesPerSecond: result?.imagesPerSecond ?? null,
    peakMemoryBytes: finished?.peakMemory ?? null,
    validation: validation && viewEvaluation(validation),
    perKeypoint: validation
      ? workspace.schema.keypoints.map((keypoint) => ({
          keypoint,
          rmse: validation.perKeypoint[keypoint] ?? null,
        }))
      : [],
    baselines: viewBaselines(
      finished ? finished.baselines : readDetail(join(directory, detailFile))?.baselines,
    ),
    coverage: [...(finished?.uncertainty?.coverage ?? [])],
    labelNoise: finished?.labelNoise ?? null,
    error: run.error,
  };
}

function viewEvaluation(evaluation: Evaluation): NonNullable<RunView['validation']> {
  const { rmse, pooled, suspects, interval, mirrored, failureRate, cumulative, cohorts } = evaluation;
  return {
    rmse,
    pooled,
    suspects: [...suspects],
    interval,
    mirrored,
    failureRate,
    cumulative: [...cumulative],
    cohorts: [
      { name: 'every point labelled', ...cohorts.complete },
      { name: 'some points missing', ...cohorts.partial },
    ],
  };
}

/** What the last epoch says beside its point in the curves. */
export function viewDetail(workspace: Workspace, { epoch, worst, baselines }: EpochDetail): EpochDetailView {
  return {
    worst: {
      epoch,
      faces: worst.map(({ points, ...face }) => ({
        ...face,
        points: inPicture(workspace, face.imageId, points),
      })),
    },
    baselines: viewBaselines(baselines),
  };
}

/** From pixels of the network's input to those of the image. */
export function inPicture(
  { images }: Workspace,
  imageId: number,
  points: readonly number[],
): { x: number; y: number }[] {
  const placed = pointsToPicture(Float32Array.from(points), fitOf(images.get(imageId)!, networkInput));
  return Array.from({ length: placed.length / 2 }, (_, k) => ({ x: placed[2 * k]!, y: placed[2 * k + 1]! }));
}

function viewBaselines(baselines: Baselines | null | undefined): RunView['baselines'] {
  if (!baselines) return [];
  return Object.entries(baselineNames)
    .map(([key, name]) => ({ name, rmse: baselines[key as keyof Baselines] }))
    .sort((a, b) => a.rmse - b.rmse);
}
