/** How good finished networks are on images that none of them has learned from. */
import { join } from 'node:path';
import { scoreBaselines } from '../ml/baselines/baselines.ts';
import { evaluate, findSuspects, type Trial, withoutSuspects } from '../ml/evaluation/evaluation.ts';
import { validationFile, writeTrial } from '../ml/evaluation/trial-file.ts';
import { fitUncertainty, type Uncertainty } from '../ml/evaluation/uncertainty.ts';
import { shapeNetwork } from '../ml/network/shapes.ts';
import { type Dataset, pointsOfImages } from '../ml/training/dataset.ts';
import type {
  EnsembleCommand,
  EnsembleResult,
  EvaluateCommand,
  EvaluateResult,
  Judgement,
  RunModel,
  TrainPhase,
} from '../ml/training/messages.ts';
import type { Split } from '../ml/training/split.ts';
import { Workspace } from '../workspace/workspace.ts';
import { type Line, Stopped } from './line.ts';
import { imagesToPlace, loadDataset } from './load.ts';
import { loadModel, type Model } from './model.ts';
import { peakMemory } from './peak-memory.ts';
import { writePredictions } from './predict.ts';
import { readSplitOfRun, splitOfRun } from './run-split.ts';
import { cachedYardsticks, type Yardsticks } from './yardsticks.ts';

interface Ground {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly yardsticks: Yardsticks;
}

/** @param images those of the split's validation that count; what the model says of them is kept in the run's folder */
export async function judgeModel(
  model: Model,
  runDirectory: string,
  { dataset, split, yardsticks }: Ground,
  images: Int32Array,
): Promise<Judgement> {
  if (images.length === 0) return { validation: null, baselines: null, uncertainty: null, labelNoise: null };
  const { points: predicted, spread } = await model.placeInInput(dataset.pictures, images);
  const groups = Array.from(images, (image) => split.groups[image]!);
  const imageIds = Array.from(images, (image) => dataset.imageIds[image]!);
  writeTrial(join(runDirectory, validationFile), { imageIds, groups, predicted });
  const trial = { images, predicted, truth: pointsOfImages(dataset, images) };
  const suspects = findSuspects(trial);
  return {
    validation: evaluate(dataset, split.groups, trial, model.mirrored),
    baselines: scoreBaselines(dataset, yardsticks.baselines, split, withoutSuspects(trial, suspects)),
    uncertainty: uncertaintyOf(trial, suspects, { spread, groups }, dataset.schema.keypoints.length),
    labelNoise: yardsticks.labelNoise,
  };
}

/** Labels that are plainly wrong say nothing of how sure a place is. */
function uncertaintyOf(
  { predicted, truth }: Trial,
  suspects: readonly { row: number }[],
  places: { spread: Float32Array; groups: readonly number[] },
  keypoints: number,
): Uncertainty | null {
  const fair = truth.slice();
  for (const { row } of suspects) fair.fill(NaN, row * 2 * keypoints, (row + 1) * 2 * keypoints);
  return fitUncertainty({ predicted, truth: fair, ...places }, keypoints);
}

/** Evaluates a run, or an ensemble, on the images that it was validated on. */
export async function runEvaluate(command: EvaluateCommand): Promise<EvaluateResult> {
  const workspace = Workspace.openReadOnly(command.workspace);
  const ground = groundOf(workspace, command.models[0]!);
  const model = await loadModel(command.models, workspace.schema);
  const images = heldOut(command.models, ground);
  const judged = await judgeModel(model, command.runDirectory, ground, images);
  await model.dispose();
  workspace.close();
  return { command: 'evaluate', engine: model.engine.name, validationImages: images.length, ...judged };
}

/** Averages runs into one: judges it on the images that all of them held out, and places points on the images that need them. */
export async function runEnsemble(command: EnsembleCommand, line: Line): Promise<EnsembleResult> {
  const { models, runDirectory } = command;
  const enter = (phase: TrainPhase) => {
    line.send({ type: 'phase', phase });
    if (line.signal.aborted) throw new Stopped();
  };
  enter('loading');
  const workspace = Workspace.openReadOnly(command.workspace);
  const model = await loadModel(models, workspace.schema);
  const ground = groundOf(workspace, models[0]!);
  enter('evaluating');
  const images = heldOut(models, ground);
  const judged = await judgeModel(model, runDirectory, ground, images);
  enter('predicting');
  const predictions = await writePredictions(model, workspace, imagesToPlace(workspace), runDirectory);
  await model.dispose();
  workspace.close();
  const { input, schema } = ground.dataset;
  const parameters = models.map(
    ({ config }) => shapeNetwork(config.spec, input, 2 * schema.keypoints.length).parameterCount,
  );
  return {
    command: 'ensemble',
    engine: model.engine.name,
    engineVersion: model.engine.version,
    seconds: line.elapsed(),
    parameters: parameters.reduce((sum, count) => sum + count, 0),
    validationImages: images.length,
    ...judged,
    predictions,
    peakMemory: peakMemory(),
  };
}

/** The labels, the split and the yardsticks of a run. */
function groundOf(workspace: Workspace, { config, runDirectory }: RunModel): Ground {
  const dataset = loadDataset(workspace, config.snapshot);
  const split = splitOfRun(runDirectory, dataset, config);
  const yardsticks = cachedYardsticks(workspace.directory, config.snapshot, dataset, split);
  return { dataset, split, yardsticks };
}

/** Images of the first run's validation that validate the others too. */
function heldOut([, ...others]: readonly RunModel[], { dataset, split }: Ground): Int32Array {
  const held = others.map(({ runDirectory }) => {
    const { imageIds, validation } = readSplitOfRun(runDirectory);
    return new Set(validation.map((position) => imageIds[position]!));
  });
  return split.validation.filter((image) => held.every((ids) => ids.has(dataset.imageIds[image]!)));
}
