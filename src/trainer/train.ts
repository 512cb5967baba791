import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreBaselines } from '../ml/baselines/baselines.ts';
import { loadEngine } from '../ml/engine/engines.ts';
import { shapeNetwork } from '../ml/network/shapes.ts';
import { replaceFile } from '../ml/training/checkpoint.ts';
import { detailFile, detailOf } from '../ml/training/epoch-detail.ts';
import type { TrainCommand, TrainPhase, TrainResult } from '../ml/training/messages.ts';
import { train } from '../ml/training/train.ts';
import { Workspace } from '../workspace/workspace.ts';
import { judgeModel } from './judge.ts';
import { type Line, Stopped } from './line.ts';
import { imagesToPlace, loadDataset } from './load.ts';
import { loadModel, passesAtTest } from './model.ts';
import { peakMemory } from './peak-memory.ts';
import { writePredictions } from './predict.ts';
import { splitOfRun } from './run-split.ts';
import { cachedYardsticks } from './yardsticks.ts';

/**
 * Trains, then evaluates beside the baselines and places points on the images that need them.
 * @throws Stopped when told to stop; resuming goes on from there.
 */
export async function runTrain(command: TrainCommand, line: Line): Promise<TrainResult> {
  const { config, runDirectory } = command;
  let reached = { step: 0, epochs: 0 };
  const enter = (phase: TrainPhase) => {
    line.send({ type: 'phase', phase });
    if (line.signal.aborted) throw new Stopped(reached.step, Math.ceil(reached.epochs));
  };

  enter('loading');
  const workspace = Workspace.openReadOnly(command.workspace);
  writeFileSync(join(runDirectory, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const engine = await loadEngine(config.engine);
  const dataset = loadDataset(workspace, config.snapshot);
  const toPlace = imagesToPlace(workspace);
  enter('splitting');
  const split = splitOfRun(runDirectory, dataset, config);
  enter('baselines');
  const yardsticks = cachedYardsticks(command.workspace, config.snapshot, dataset, split);

  enter('training');
  const outcome = await train({
    dataset,
    split,
    engine,
    config,
    directory: runDirectory,
    signal: line.signal,
    held: line.held,
    onProgress: line.send,
    onEpoch: (point, trial) => {
      const detail = detailOf(point.epoch, dataset, trial, (fair) =>
        scoreBaselines(dataset, yardsticks.baselines, split, fair),
      );
      replaceFile(join(runDirectory, detailFile), [Buffer.from(JSON.stringify(detail))]);
      line.send({ type: 'epoch', point, detail });
    },
    elapsed: line.elapsed,
    imagesAfterwards: passesAtTest(config.recipe) * (split.validation.length + toPlace.length),
  });
  reached = outcome;
  if (outcome.status === 'stopped') throw new Stopped(reached.step, Math.ceil(reached.epochs));

  enter('evaluating');
  const model = await loadModel([{ config, runDirectory }], workspace.schema);
  const judged = await judgeModel(model, runDirectory, { dataset, split, yardsticks }, split.validation);
  enter('predicting');
  const predictions = await writePredictions(model, workspace, toPlace, runDirectory);
  await model.dispose();
  workspace.close();

  return {
    command: 'train',
    engine: engine.name,
    engineVersion: engine.version,
    epochs: outcome.epochs,
    steps: outcome.step,
    bestEpoch: outcome.best!.epoch,
    trainRmse: outcome.best!.trainRmse,
    seconds: outcome.seconds,
    imagesPerSecond: outcome.imagesPerSecond,
    parameters: shapeNetwork(config.spec, dataset.input, 2 * dataset.schema.keypoints.length).parameterCount,
    trainingImages: split.training.length,
    validationImages: split.validation.length,
    ...judged,
    predictions,
    peakMemory: peakMemory(),
  };
}
