import { loadEngine } from '../ml/engine/engines.ts';
import { measureCost } from '../ml/training/cost.ts';
import { epochsToKeep } from '../ml/training/checkpoints.ts';
import type { ProbeCommand, ProbeResult } from '../ml/training/messages.ts';
import { Workspace } from '../workspace/workspace.ts';
import type { Line } from './line.ts';
import { imagesToPlace, loadDataset } from './load.ts';
import { passesAtTest } from './model.ts';
import { peakMemory } from './peak-memory.ts';
import { splitOfRun } from './run-split.ts';
import { yardsticksAhead } from './yardsticks.ts';

/** Does what a training does, each part for a short while, and adds up what all of it will take. */
export async function runProbe(command: ProbeCommand, line: Line): Promise<ProbeResult> {
  const { config, runDirectory } = command;
  const workspace = Workspace.openReadOnly(command.workspace);
  const engine = await loadEngine(config.engine);
  const dataset = loadDataset(workspace, config.snapshot);
  const split = splitOfRun(runDirectory, dataset, config);
  const afterwards =
    passesAtTest(config.recipe) * (split.validation.length + imagesToPlace(workspace).length);
  const prepared = line.elapsed();
  const yardsticks = yardsticksAhead(command.workspace, config.snapshot, dataset, split);

  const cost = await measureCost({ dataset, split, engine, config }, command.seconds, runDirectory);
  workspace.close();
  const secondsPerEpoch = cost.stepsPerEpoch * cost.perStep + cost.perEpochEnd;
  const { ready, image } = cost.placing;
  const aside = prepared + yardsticks + cost.setUp + ready + afterwards * image;
  const epochs =
    config.timeLimit === undefined
      ? config.recipe.epochs
      : Math.max(0, (config.timeLimit - aside) / secondsPerEpoch);
  return {
    command: 'probe',
    engine: engine.name,
    trainingImages: split.training.length,
    validationImages: split.validation.length,
    imagesPerSecond: config.recipe.batchSize / cost.perStep,
    epochs,
    secondsPerEpoch,
    seconds: config.timeLimit ?? aside + epochs * secondsPerEpoch,
    diskBytes: cost.bytes.checkpoint * (1 + epochsToKeep(Math.floor(epochs)).length) + cost.bytes.parameters,
    peakMemory: peakMemory(),
  };
}
