/**
 * A whole training run as the training process does it: `train-once.ts WORKSPACE SNAPSHOT EPOCHS` trains the default
 * network. Prints the seconds it takes, those inside the engine, and those that the engine waited for batches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/ml/engine/engine.ts';
import { loadEngine } from '../../src/ml/engine/engines.ts';
import { presetSpec } from '../../src/ml/network/presets.ts';
import { defaultSplit, type RunConfig } from '../../src/ml/training/config.ts';
import { presetRecipes } from '../../src/ml/training/recipe.ts';
import { train } from '../../src/ml/training/train.ts';
import { judgeModel } from '../../src/trainer/judge.ts';
import { loadDataset, imagesToPlace } from '../../src/trainer/load.ts';
import { loadModel } from '../../src/trainer/model.ts';
import { writePredictions } from '../../src/trainer/predict.ts';
import { splitOfRun } from '../../src/trainer/run-split.ts';
import { cachedYardsticks } from '../../src/trainer/yardsticks.ts';
import { peakMemory } from '../../src/trainer/peak-memory.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

const [directory, snapshot, epochs] = process.argv.slice(2) as [string, string, string];
const runDirectory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
process.on('exit', () => rmSync(runDirectory, { recursive: true, force: true }));

let [inEngine, inSteps] = [0, 0];
async function timed<T>(work: () => Promise<T>, count: (seconds: number) => void): Promise<T> {
  const began = performance.now();
  const result = await work();
  count((performance.now() - began) / 1000);
  return result;
}
const engine = watched(await loadEngine('onnx'));
const config: RunConfig = {
  preset: 'default',
  spec: presetSpec('default'),
  recipe: { ...presetRecipes.default, epochs: Number(epochs) },
  engine: 'onnx',
  seed: 1,
  snapshot,
  rows: { kind: 'all' },
  split: defaultSplit,
};
const workspace = Workspace.openReadOnly(directory);
const dataset = loadDataset(workspace, snapshot);
const split = splitOfRun(runDirectory, dataset, config);
const yardsticks = cachedYardsticks(directory, snapshot, dataset, split);
const outcome = await train({
  dataset,
  split,
  engine,
  config,
  directory: runDirectory,
  signal: new AbortController().signal,
  held: () => undefined,
  onProgress: () => undefined,
  onEpoch: () => undefined,
  elapsed: () => process.uptime(),
  imagesAfterwards: 0,
});
const model = await loadModel([{ config, runDirectory }], workspace.schema);
const place = model.placeInInput;
const watchedModel = {
  ...model,
  placeInInput: (...given: Parameters<typeof place>) =>
    timed(
      () => place(...given),
      (seconds) => (inEngine += seconds),
    ),
};
await judgeModel(watchedModel, runDirectory, { dataset, split, yardsticks }, split.validation);
await timed(
  () => writePredictions(model, workspace, imagesToPlace(workspace), runDirectory),
  (seconds) => (inEngine += seconds),
);
await model.dispose();
workspace.close();
const stepping = (outcome.step * config.recipe.batchSize) / outcome.imagesPerSecond;
console.log(
  JSON.stringify({
    seconds: process.uptime(),
    engineSeconds: inEngine,
    waitingShare: 1 - inSteps / stepping,
    imagesPerSecond: outcome.imagesPerSecond,
    peakMegabytes: peakMemory() / 1e6,
  }),
);

function watched(own: Engine): Engine {
  const engineTime = (seconds: number) => (inEngine += seconds);
  return {
    ...own,
    async createTrainer(...given) {
      const trainer = await timed(() => own.createTrainer(...given), engineTime);
      const step = (...batch: Parameters<typeof trainer.step>) =>
        timed(
          () => trainer.step(...batch),
          (seconds) => {
            inEngine += seconds;
            inSteps += seconds;
          },
        );
      return { ...trainer, step };
    },
    async createPredictor(...given) {
      const predictor = await timed(() => own.createPredictor(...given), engineTime);
      return { ...predictor, predict: (images) => timed(() => predictor.predict(images), engineTime) };
    },
  };
}
