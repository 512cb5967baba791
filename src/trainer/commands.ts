/** What the training process does when told to: train, evaluate or predict. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreBaselines } from '../ml/baselines/baselines.ts';
import { loadEngine, loadPredictingEngine } from '../ml/engine/engines.ts';
import { evaluate, findSuspects, type Trial, withoutSuspects } from '../ml/evaluation/evaluation.ts';
import { shapeNetwork } from '../ml/network/shapes.ts';
import { replaceFile } from '../ml/training/checkpoint.ts';
import { detailFile, detailOf } from '../ml/training/epoch-detail.ts';
import { type Dataset, pointsOfImages } from '../ml/training/dataset.ts';
import type {
  EvaluateCommand,
  EvaluateResult,
  PredictCommand,
  PredictImagesCommand,
  PredictImagesResult,
  PredictResult,
  TrainCommand,
  TrainerMessage,
  TrainPhase,
  TrainResult,
} from '../ml/training/messages.ts';
import { predictionsFile, type PredictionsFile } from '../ml/training/predictions.ts';
import type { Split } from '../ml/training/split.ts';
import { train } from '../ml/training/train.ts';
import { Workspace } from '../workspace/workspace.ts';
import { cachedBaselines } from './baselines-cache.ts';
import { loadDataset, testImages } from './load.ts';
import { loadModel, type Model } from './model.ts';
import { splitOfRun } from './run-split.ts';

/** Where a command tells what it is doing, and hears that it should stop. */
export interface Line {
  send(message: TrainerMessage): void;
  readonly signal: AbortSignal;
  /** Resolves when training may go on; undefined while it may. */
  held(): Promise<void> | undefined;
  /** Seconds since the process started, without those that it was held. */
  elapsed(): number;
}

export class Stopped extends Error {
  readonly step: number;
  readonly epoch: number;

  constructor(step: number, epoch: number) {
    super(`Stopped after step ${step}.`);
    this.step = step;
    this.epoch = epoch;
  }
}

/**
 * Trains, then evaluates beside the baselines and predicts the test images.
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
  const test = testImages(workspace);
  enter('splitting');
  const split = splitOfRun(runDirectory, dataset, config);
  enter('baselines');
  const baselines = cachedBaselines(command.workspace, config.snapshot, dataset, split);

  enter('training');
  const passes = config.recipe.mirrorAtTest ? 2 : 1;
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
        scoreBaselines(dataset, baselines, split, fair),
      );
      replaceFile(join(runDirectory, detailFile), [Buffer.from(JSON.stringify(detail))]);
      line.send({ type: 'epoch', point, detail });
    },
    elapsed: line.elapsed,
    imagesAfterwards: passes * (split.validation.length + test.length),
  });
  reached = outcome;
  if (outcome.status === 'stopped') throw new Stopped(reached.step, Math.ceil(reached.epochs));

  enter('evaluating');
  const mirror = config.recipe.mirrorAtTest;
  const model = await loadModel(engine, workspace.schema, { config, runDirectory, mirror });
  const trial = await tryModel(model, dataset, split);
  const validation = evaluate(dataset, split.groups, trial, mirror);

  enter('predicting');
  if (test.length > 0) {
    const points = await model.place(workspace.images.iterate(test));
    const predictions: PredictionsFile = { images: test, points: points.map((placed) => [...placed]) };
    replaceFile(join(runDirectory, predictionsFile), [Buffer.from(JSON.stringify(predictions))]);
  }
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
    validation,
    baselines: scoreBaselines(dataset, baselines, split, withoutSuspects(trial, findSuspects(trial))),
    predictions: test.length > 0 ? predictionsFile : null,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}

/** Evaluates a run on the images that it was validated on. */
export async function runEvaluate(command: EvaluateCommand): Promise<EvaluateResult> {
  const { config, runDirectory, mirror = config.recipe.mirrorAtTest } = command;
  const workspace = Workspace.openReadOnly(command.workspace);
  const engine = await loadPredictingEngine(config.engine);
  const dataset = loadDataset(workspace, config.snapshot);
  const split = splitOfRun(runDirectory, dataset, config);
  const baselines = cachedBaselines(command.workspace, config.snapshot, dataset, split);
  const model = await loadModel(engine, workspace.schema, { config, runDirectory, mirror });
  workspace.close();
  const trial = await tryModel(model, dataset, split);
  await model.dispose();
  return {
    command: 'evaluate',
    engine: engine.name,
    validation: evaluate(dataset, split.groups, trial, mirror),
    baselines: scoreBaselines(dataset, baselines, split, withoutSuspects(trial, findSuspects(trial))),
  };
}

/** Places keypoints on pictures. */
export async function runPredict(command: PredictCommand): Promise<PredictResult> {
  const { config, runDirectory, pictures, mirror = config.recipe.mirrorAtTest } = command;
  const workspace = Workspace.openReadOnly(command.workspace);
  const { schema } = workspace;
  workspace.close();
  const engine = await loadPredictingEngine(config.engine);
  const model = await loadModel(engine, schema, { config, runDirectory, mirror });
  const points = await model.place(pictures);
  await model.dispose();
  return { command: 'predict', engine: engine.name, points };
}

/** Images that are placed and sent together. */
const imagesTogether = 256;

/** Places keypoints on images of the workspace, and sends them as they come. */
export async function runPredictImages(
  command: PredictImagesCommand,
  line: Line,
): Promise<PredictImagesResult> {
  const { config, runDirectory, images } = command;
  const workspace = Workspace.openReadOnly(command.workspace);
  const engine = await loadEngine(config.engine);
  const mirror = config.recipe.mirrorAtTest;
  const model = await loadModel(engine, workspace.schema, { config, runDirectory, mirror });
  const outputs = 2 * workspace.schema.keypoints.length;
  for (let start = 0; start < images.length; start += imagesTogether) {
    const some = images.slice(start, start + imagesTogether);
    const points = new Float32Array(some.length * outputs);
    const placed = await model.place(workspace.images.iterate(some));
    placed.forEach((own, i) => {
      points.set(own, i * outputs);
    });
    line.send({ type: 'predictions', images: some, points });
  }
  await model.dispose();
  workspace.close();
  return { command: 'predict-images', engine: engine.name };
}

async function tryModel(model: Model, dataset: Dataset, { validation }: Split): Promise<Trial> {
  return {
    images: validation,
    predicted: await model.placeInInput(dataset.pixels, validation),
    truth: pointsOfImages(dataset, validation),
  };
}
