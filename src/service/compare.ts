/** Runs side by side: what differs in their configs, and by how much on the images that all of them held out. */
import { join } from 'node:path';
import type { RunComparison } from '../contract/run-records.ts';
import { pooledRmse } from '../domain/metrics.ts';
import type { Points } from '../domain/points.ts';
import { compareRuns } from '../ml/evaluation/compare.ts';
import { findSuspects } from '../ml/evaluation/evaluation.ts';
import { type KeptTrial, readTrial, validationFile } from '../ml/evaluation/trial-file.ts';
import { curvesFile, readCurves } from '../ml/training/curves.ts';
import type { RunResult } from '../ml/training/messages.ts';
import { fitOf, networkInput, pointsToInput } from '../ml/training/fit.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { differences } from './config-differences.ts';
import { inPicture } from './run-view.ts';
import type { Supervisor } from './supervisor.ts';

/** How many faces are shown that got worse, and better. */
const mostFaces = 12;

/** @param runs finished, the one that the others are compared with first */
export async function compare(
  workspace: Workspace,
  supervisor: Supervisor,
  runs: readonly Run[],
  signal?: AbortSignal,
): Promise<RunComparison> {
  const trials: KeptTrial[] = [];
  for (const run of runs) trials.push(await trialOf(workspace, supervisor, run, signal));
  const compared = onCommonImages(workspace, runs, trials);
  return {
    runs: runs.map((run) => ({
      runId: run.id,
      curve: readCurves(join(workspace.runs.directoryOf(run), curvesFile)),
    })),
    differences: differences(runs.map(({ config }) => config)),
    labelNoise: (runs[0]!.metrics as RunResult).labelNoise?.rmse ?? null,
    ...compared,
  };
}

/** What the run says of its validation images; it is judged anew where an earlier version left no record. */
async function trialOf(
  workspace: Workspace,
  supervisor: Supervisor,
  run: Run,
  signal?: AbortSignal,
): Promise<KeptTrial> {
  const file = join(workspace.runs.directoryOf(run), validationFile);
  const kept = readTrial(file);
  if (kept) return kept;
  await supervisor.evaluate(run, signal);
  return readTrial(file) ?? { imageIds: [], groups: [], predicted: new Float32Array() };
}

function onCommonImages(
  workspace: Workspace,
  runs: readonly Run[],
  trials: readonly KeptTrial[],
): Omit<RunComparison, 'runs' | 'differences' | 'labelNoise'> {
  const { keypoints } = workspace.schema;
  const outputs = 2 * keypoints.length;
  const rowsOf = trials.map(({ imageIds }) => new Map(imageIds.map((id, row) => [id, row])));
  const held = trials[0]!.imageIds.filter((id) => rowsOf.every((rows) => rows.has(id)));
  const labels = labelsOf(workspace, runs, held);
  const predict = (ids: readonly number[]) =>
    trials.map(({ predicted }, run) => rowsFrom(predicted, ids.map((id) => rowsOf[run]!.get(id)!), outputs)); // prettier-ignore

  // A label that is wrong is so for every run.
  const suspects = predict(held).map((predicted) => {
    const trial = { images: Int32Array.from(held.keys()), predicted, truth: labels };
    return new Set(findSuspects(trial).map(({ row }) => row));
  });
  const rows = held.flatMap((_, row) => (suspects.every((own) => own.has(row)) ? [] : [row]));
  const images = rows.map((row) => held[row]!);
  if (images.length === 0)
    return { images: 0, setAside: held.length, rmse: null, keypoints: [], changes: [] };

  const truth = rowsFrom(labels, rows, outputs);
  const predictions = predict(images);
  const groups = images.map((id) => trials[0]!.groups[rowsOf[0]!.get(id)!]!);
  const { rmse, perKeypoint, changes } = compareRuns(truth, predictions, groups, keypoints.length);
  const [first, ...others] = predictions;
  return {
    images: images.length,
    setAside: held.length - images.length,
    rmse: [...rmse],
    keypoints: keypoints.map((keypoint, k) => ({
      keypoint,
      rmse: perKeypoint[k] ? [...perKeypoint[k]] : null,
    })),
    changes: others.map((predicted, i) => ({
      runId: runs[i + 1]!.id,
      overall: changes[i]!.overall,
      keypoints: keypoints.map((keypoint, k) => ({ keypoint, change: changes[i]!.perKeypoint[k]! })),
      ...facesThatChanged(workspace, images, truth, [first!, predicted], outputs),
    })),
  };
}

function facesThatChanged(
  workspace: Workspace,
  images: readonly number[],
  truth: Points,
  pair: readonly [Points, Points],
  outputs: number,
): Pick<RunComparison['changes'][number], 'worse' | 'better'> {
  const part = (points: Points, row: number) => points.subarray(row * outputs, (row + 1) * outputs);
  const faces = images
    .map((imageId, row) => {
      const [before, after] = pair.map((points) => pooledRmse(part(points, row), part(truth, row)));
      return { imageId, row, before: before!, after: after! };
    })
    .filter(({ before }) => !Number.isNaN(before))
    .sort((a, b) => b.after - b.before - (a.after - a.before));
  const view = ({ row, ...face }: (typeof faces)[number]) => ({
    ...face,
    placed: pair.map((points) => inPicture(workspace, face.imageId, [...part(points, row)])),
  });
  return {
    worse: faces
      .filter(({ before, after }) => after > before)
      .slice(0, mostFaces)
      .map(view),
    better: faces
      .filter(({ before, after }) => after < before)
      .slice(-mostFaces)
      .reverse()
      .map(view),
  };
}

/** As the latest of the runs' snapshots has them: [images, keypoints, 2] in pixels of the network's input. */
function labelsOf({ snapshots, images }: Workspace, runs: readonly Run[], ids: readonly number[]): Points {
  const taken = runs.map(({ snapshotId }) => snapshots.get(snapshotId)!);
  const latest = taken.reduce((a, b) => (b.position > a.position ? b : a));
  const points = snapshots.points(latest.id, ids);
  const outputs = ids.length === 0 ? 0 : points.length / ids.length;
  ids.forEach((id, row) => {
    const own = points.subarray(row * outputs, (row + 1) * outputs);
    own.set(pointsToInput(own, fitOf(images.get(id)!, networkInput)));
  });
  return points;
}

function rowsFrom(points: Points, rows: readonly number[], outputs: number): Points {
  const picked = new Float32Array(rows.length * outputs);
  rows.forEach((row, to) => {
    picked.set(points.subarray(row * outputs, (row + 1) * outputs), to * outputs);
  });
  return picked;
}
