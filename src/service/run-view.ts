/** A run as clients see it: the database's record, the training's result, and the curve in its folder. */
import { join } from 'node:path';
import type { RunView } from '../contract/runs.ts';
import type { Baselines } from '../ml/baselines/baselines.ts';
import type { Evaluation } from '../ml/evaluation/evaluation.ts';
import { curvesFile, readCurves } from '../ml/training/curves.ts';
import type { CurvePoint, TrainResult } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';

const baselineNames: Record<keyof Baselines, string> = {
  meanShape: 'mean shape',
  nearestNeighbours: 'nearest neighbours',
  pcaNearestNeighbours: 'PCA + nearest neighbours',
  pcaRidge: 'PCA + ridge',
};

export function viewRun(workspace: Workspace, run: Run): RunView {
  const result = run.metrics as TrainResult | null;
  const directory = workspace.runs.directoryOf(run);
  const last = result ?? readCurves(join(directory, curvesFile)).at(-1);
  return {
    runId: run.id,
    status: run.status,
    engine: result?.engine ?? run.engine,
    network: run.preset,
    seed: run.seed,
    epochs: result?.epochs ?? (last as CurvePoint | undefined)?.epoch ?? 0,
    seconds: last?.seconds ?? 0,
    createdAt: run.createdAt.toISOString(),
    snapshot: run.snapshotId,
    directory,
    parameters: result?.parameters ?? null,
    trainingImages: result?.trainingImages ?? null,
    validationImages: result?.validationImages ?? null,
    imagesPerSecond: result?.imagesPerSecond ?? null,
    peakMemoryBytes: result?.peakMemory ?? null,
    validation: result && viewEvaluation(result.validation),
    perKeypoint: result
      ? workspace.schema.keypoints.map((keypoint) => ({
          keypoint,
          rmse: result.validation.perKeypoint[keypoint] ?? null,
        }))
      : [],
    baselines: result ? viewBaselines(result.baselines) : [],
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

function viewBaselines(baselines: Baselines): RunView['baselines'] {
  return Object.entries(baselineNames)
    .map(([key, name]) => ({ name, rmse: baselines[key as keyof Baselines] }))
    .sort((a, b) => a.rmse - b.rmse);
}
