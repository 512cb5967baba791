/** What a report says of a run, gathered from its folder and the workspace. */
import { join } from 'node:path';
import type { CurvePoint } from '../../ml/training/messages.ts';
import { findSuspects, rowsByError, withoutSuspects, type Trial } from '../../ml/evaluation/evaluation.ts';
import { type KeptTrial, readTrial, validationFile } from '../../ml/evaluation/trial-file.ts';
import { curvesFile, readCurves } from '../../ml/training/curves.ts';
import { fitOf, networkInput, pointsToInput, pointsToPicture } from '../../ml/training/fit.ts';
import type { Run } from '../../workspace/runs.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { ReportFace } from './faces.ts';

/** How many faces are shown of each kind. */
const mostFaces = 12;

export interface JudgedFaces {
  /** Of those that count, the worst first. */
  readonly worst: ReportFace[];
  /** Set aside, because the labels are probably wrong. */
  readonly suspects: ReportFace[];
}

export function curveOf(workspace: Workspace, run: Run): CurvePoint[] {
  return readCurves(join(workspace.runs.directoryOf(run), curvesFile));
}

/** Validation images as the run was judged on them; undefined where it kept no record. */
export function judgedFaces(workspace: Workspace, run: Run): JudgedFaces | undefined {
  const kept = readTrial(join(workspace.runs.directoryOf(run), validationFile));
  if (!kept || kept.imageIds.length === 0) return undefined;
  const trial = trialOf(workspace, run, kept);
  const suspects = findSuspects(trial);
  const fair = withoutSuspects(trial, suspects);
  const face = (from: Trial) => faceOf(workspace, kept, from);
  return {
    worst: rowsByError(fair).slice(0, mostFaces).map(face(fair)),
    suspects: suspects.slice(0, mostFaces).map(face(trial)),
  };
}

/** What was predicted beside what the run's labels say, in pixels of the network's input. */
function trialOf({ snapshots, images }: Workspace, run: Run, { imageIds, predicted }: KeptTrial): Trial {
  const truth = snapshots.points(run.snapshotId, imageIds);
  const outputs = truth.length / imageIds.length;
  imageIds.forEach((id, row) => {
    const own = truth.subarray(row * outputs, (row + 1) * outputs);
    own.set(pointsToInput(own, fitOf(images.get(id)!, networkInput)));
  });
  return { images: Int32Array.from(imageIds.keys()), predicted, truth };
}

function faceOf({ images }: Workspace, { imageIds }: KeptTrial, trial: Trial) {
  const outputs = trial.truth.length / trial.images.length;
  return ({ row, rmse }: { readonly row: number; readonly rmse: number }): ReportFace => {
    const imageId = imageIds[trial.images[row]!]!;
    const inPicture = (points: Float32Array) =>
      pointsToPicture(points.slice(row * outputs, (row + 1) * outputs), fitOf(images.get(imageId)!, networkInput)); // prettier-ignore
    return { imageId, rmse, truth: inPicture(trial.truth), predicted: inPicture(trial.predicted) };
  };
}
