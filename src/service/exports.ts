/** Files taken out of a workspace. Each is written whole or not at all. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import { IMAGE, inferenceModel, KEYPOINTS } from '../ml/engine/onnx/inference-graph.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import type { RunConfig } from '../ml/training/config.ts';
import { networkInput } from '../ml/training/fit.ts';
import { bestCheckpoint } from '../ml/training/train.ts';
import { writeFileAtomically } from '../workspace/export/atomic-file.ts';
import { writeSubmission } from '../workspace/export/submission.ts';
import { exportTrainingCsv } from '../workspace/export/training-csv.ts';
import type { Run } from '../workspace/runs.ts';
import { writeSampleArchive } from '../workspace/sample/sample.ts';
import type { Workspace } from '../workspace/workspace.ts';

export async function writeSample(out: string, seed: number) {
  await writable(out, () => writeSampleArchive(out, { seed }));
  return { path: resolve(out), bytes: statSync(out).size };
}

export async function exportSubmission(workspace: Workspace, run: Run, out: string) {
  const { rows, clipped, sha256 } = await writable(out, () =>
    writeSubmission(workspace, { runId: run.id, out: resolve(out) }),
  );
  return { path: resolve(out), sha256, bytes: statSync(out).size, runId: run.id, rows, clipped };
}

export async function exportLabels(workspace: Workspace, out: string) {
  const file = await writable(out, () => exportTrainingCsv(workspace, out));
  return { ...file, path: resolve(out) };
}

/** The run's best parameters as an ONNX model that says in its metadata how to use it. */
export async function exportModel(workspace: Workspace, run: Run, out: string) {
  const { spec, recipe } = run.config as RunConfig;
  const { keypoints } = workspace.schema;
  const { width, height } = networkInput;
  const outputs = 2 * keypoints.length;
  const { tensors: parameters } = readCheckpoint(join(workspace.runs.directoryOf(run), bestCheckpoint));
  const normalisation = {
    standardise: 'of each picture: (value - mean) / max(1, standard deviation)',
    unit: 'value / 255',
  }[recipe.normalisation];
  const model = await inferenceModel(
    { spec, input: networkInput, outputs, parameters },
    {
      run: String(run.id),
      snapshot: run.snapshotId,
      keypoints: keypoints.join(','),
      input: `${IMAGE}: float32 [n, 1, ${height}, ${width}], gray pictures of faces, row by row, 0 black to 255 white, then normalised`,
      normalisation,
      output: `${KEYPOINTS}: float32 [n, ${outputs}], for each of keypoints in order x, then y`,
      x: `pixels = x * ${width / 2} + ${(width - 1) / 2}; 0 is the middle of the leftmost pixel`,
      y: `pixels = y * ${height / 2} + ${(height - 1) / 2}; 0 is the middle of the top pixel`,
    },
  );
  const file = await writable(out, () => writeFileAtomically(out, [model]));
  return { ...file, path: resolve(out), runId: run.id };
}

const reasons: Record<string, string> = {
  ENOENT: 'no such folder',
  ENOTDIR: 'no such folder',
  EISDIR: 'a folder of that name',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'a disk that is read-only',
  ENOSPC: 'a disk that is full',
};

/** @throws InputProblem when the file cannot be written where the person wants it */
async function writable<T>(out: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const found = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (found === undefined) throw error;
    throw new InputProblem('This file cannot be written.', { file: out, found });
  }
}
