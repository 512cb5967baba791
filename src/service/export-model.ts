/** A trained network as one file for any ONNX runtime. */
import { join, resolve } from 'node:path';
import { IMAGE, inferenceModel, KEYPOINTS } from '../ml/engine/onnx/inference-graph.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import { networkInput } from '../ml/training/fit.ts';
import { bestCheckpoint } from '../ml/training/checkpoints.ts';
import { writeFileAtomically } from '../workspace/export/atomic-file.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { conflict } from './problems.ts';
import { writable } from './writable.ts';

/** The run's best parameters as an ONNX model that says in its metadata how to use it. */
export async function exportModel(workspace: Workspace, run: Run, out: string) {
  const config = run.config as AnyConfig;
  if (isEnsemble(config))
    throw conflict(`Run ${run.id} is an ensemble: several networks.`, {
      hint: `Export its members: ${config.members.join(', ')}.`,
    });
  const { spec, recipe } = config;
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
