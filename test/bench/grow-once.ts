/**
 * What an archive costs: `grow-once.ts ARCHIVE` imports it into a new workspace, takes a snapshot, trains the default
 * network for an epoch with every augmentation of its recipe, and evaluates on a tenth. Prints seconds as JSON.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '../../src/ml/engine/engines.ts';
import { evaluate } from '../../src/ml/evaluation/evaluation.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { defaultSplit, type RunConfig } from '../../src/ml/training/config.ts';
import { pointsOfImages } from '../../src/ml/training/dataset.ts';
import { presetRecipes } from '../../src/ml/training/recipe.ts';
import { train } from '../../src/ml/training/train.ts';
import { loadDataset } from '../../src/trainer/load.ts';
import { loadModel } from '../../src/trainer/model.ts';
import { importArchive } from '../../src/workspace/import/import.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const timed = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
  const began = performance.now();
  return [await work(), (performance.now() - began) / 1000];
};

const workspace = Workspace.open(join(directory, 'workspace'), { create: true });
const [, importing] = await timed(() => importArchive(workspace, process.argv[2]!, {}));
const [snapshot, snapshotting] = await timed(() => workspace.snapshots.take().id);

const dataset = loadDataset(workspace, snapshot);
const all = Int32Array.from(dataset.imageIds.keys());
const split = {
  training: all.filter((image) => image % 10 > 0),
  validation: all.filter((image) => image % 10 === 0),
  groups: all,
};
const config: RunConfig = {
  preset: 'default',
  spec: presetSpec('default'),
  recipe: { ...presetRecipes.default, epochs: 1 },
  engine: 'onnx',
  seed: 1,
  snapshot,
  rows: { kind: 'all' },
  split: defaultSplit,
};
const runDirectory = join(directory, 'run');
mkdirSync(runDirectory);
// From the end of the first step, which plans memory, to the end of the epoch.
let [began, epoch] = [0, 0];
await train({
  dataset,
  split,
  engine: await loadEngine('onnx'),
  config,
  directory: runDirectory,
  signal: new AbortController().signal,
  held: () => undefined,
  onProgress: () => (began ||= performance.now()),
  onEpoch: () => (epoch = (performance.now() - began) / 1000),
  elapsed: () => process.uptime(),
  imagesAfterwards: 0,
});

const model = await loadModel([{ config, runDirectory }], workspace.schema);
const [, evaluation] = await timed(async () => {
  const images = split.validation;
  const { points: predicted } = await model.placeInInput(dataset.pictures, images);
  const trial = { images, predicted, truth: pointsOfImages(dataset, images) };
  return evaluate(dataset, split.groups, trial, model.mirrored);
});
await model.dispose();
const images = workspace.images.count();
workspace.close();
console.log(JSON.stringify({ images, import: importing, snapshot: snapshotting, epoch, evaluation }));
