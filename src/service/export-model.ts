/** A trained network in files that others run: ONNX, TensorFlow.js. */
import { join, resolve } from 'node:path';
import { ZipFile } from 'yazl';
import type { Recipe } from '../domain/recipe.ts';
import { IMAGE, KEYPOINTS, type PredictorConfig } from '../ml/engine/engine.ts';
import { inferenceModel } from '../ml/engine/onnx/inference-graph.ts';
import { graphModel, WEIGHTS_FILE } from '../ml/engine/tfjs/graph-model.ts';
import { bestCheckpoint } from '../ml/training/checkpoints.ts';
import { readCheckpoint } from '../ml/training/checkpoint.ts';
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import { networkInput } from '../ml/training/fit.ts';
import { viewsAtTest } from '../ml/training/recipe.ts';
import { writeFileAtomically } from '../workspace/export/atomic-file.ts';
import { writeFolderAtomically } from '../workspace/export/atomic-folder.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { conflict } from './problems.ts';
import { writable } from './writable.ts';

/** The run's best parameters as an ONNX model that says in its metadata how to use it. */
export async function exportModel(workspace: Workspace, run: Run, out: string) {
  const { network, metadata } = networkOf(workspace, run, 'onnx');
  const model = await inferenceModel(network, metadata);
  const file = await writable(out, () => writeFileAtomically(out, [model]));
  return { ...file, path: resolve(out), runId: run.id };
}

/** The same as a graph model of TensorFlow.js: a folder of two files, or a zip archive of them where `out` ends so. */
export async function exportTensorflowJs(workspace: Workspace, run: Run, out: string) {
  const { network, metadata } = networkOf(workspace, run, 'tfjs');
  const { model, weights } = graphModel(network, metadata);
  const files = { 'model.json': Buffer.from(model), [WEIGHTS_FILE]: weights };
  await writable(out, async () => {
    if (out.endsWith('.zip')) await writeFileAtomically(out, zipped(files));
    else await writeFolderAtomically(out, files);
  });
  const bytes = files['model.json'].length + weights.length;
  return { path: resolve(out), files: Object.keys(files), bytes, runId: run.id };
}

/** @throws CONFLICT for an ensemble, which is several networks */
function networkOf(
  workspace: Workspace,
  run: Run,
  format: 'onnx' | 'tfjs',
): { network: Omit<PredictorConfig, 'threads'>; metadata: Record<string, string> } {
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
  const shape = { onnx: `[n, 1, ${height}, ${width}]`, tfjs: `[n, ${height}, ${width}, 1]` }[format];
  return {
    network: { spec, input: networkInput, outputs, parameters },
    metadata: {
      run: String(run.id),
      snapshot: run.snapshotId,
      keypoints: keypoints.join(','),
      input: `${IMAGE}: float32 ${shape}, gray pictures of faces, row by row, 0 black to 255 white, then normalised`,
      normalisation,
      averaging: averagingOf(recipe),
      output: `${KEYPOINTS}: float32 [n, ${outputs}], for each of keypoints in order x, then y`,
      x: `pixels = x * ${width / 2} + ${(width - 1) / 2}; 0 is the middle of the leftmost pixel`,
      y: `pixels = y * ${height / 2} + ${(height - 1) / 2}; 0 is the middle of the top pixel`,
    },
  };
}

/** What the run's own predictions are the mean of. */
function averagingOf(recipe: Recipe): string {
  const { mirror, shift } = viewsAtTest(recipe);
  const views = [
    'the picture',
    ...(shift > 0
      ? [`the picture moved by ${shift} px along a diagonal, both ways, its edge carried on`]
      : []),
    ...(mirror ? ['the mirror images of these, pairs of keypoints swapped back'] : []),
  ];
  return views.length === 1 ? 'none' : `the mean of the places found in ${views.join('; in ')}`;
}

function zipped(files: Readonly<Record<string, Buffer>>): AsyncIterable<string | Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(content, name);
  zip.end();
  return zip.outputStream;
}
