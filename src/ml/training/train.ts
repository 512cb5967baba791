/** A run from its first step to its last: batches, steps, validation, checkpoints. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Parameters } from '../engine/engine.ts';
import type { Trial } from '../evaluation/evaluation.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import {
  bestCheckpoint,
  type BestEpoch,
  forgetAfter,
  keepEpoch,
  lastCheckpoint,
  type Position,
  startCheckpoint,
  withPrefix,
} from './checkpoints.ts';
import { Clock, probe } from './clock.ts';
import { appendCurve, curvesFile } from './curves.ts';
import { gradientNorm } from './gradient-norm.ts';
import type { CurvePoint, TrainProgress } from './messages.ts';
import { fixedPace, progressOf, refit } from './pace.ts';
import { learningRate } from './schedule.ts';
import { setUp, type Task } from './setup.ts';

export interface TrainOptions extends Task {
  /** The run's folder. */
  readonly directory: string;
  /** Aborting ends training at the next step, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Asked before each step: while it gives a promise, training waits for that, with a checkpoint. */
  readonly held: () => Promise<void> | undefined;
  readonly onProgress: (progress: TrainProgress) => void;
  /** @param trial the validation images as they were placed at the end of the epoch */
  readonly onEpoch: (point: CurvePoint, trial: Trial) => void;
  /** Seconds that this process has spent on the run, loading included: a time limit counts them. */
  readonly elapsed: () => number;
  /** Images that will be predicted once training has ended, mirror images counted: a time limit leaves time for them. */
  readonly imagesAfterwards: number;
}

export interface TrainOutcome {
  readonly status: 'finished' | 'stopped';
  readonly step: number;
  /** Passes over the training images, whole or not. */
  readonly epochs: number;
  readonly best: BestEpoch | null;
  /** In all processes that worked on the run. */
  readonly seconds: number;
  /** Mean over this process's steps, validation left out. */
  readonly imagesPerSecond: number;
}

/** The share of a time limit that is kept back for what cannot be foreseen. */
const reserve = 0.03;
/** Time after which the pace is fitted to a time limit again. */
const refitMilliseconds = 1000;

/**
 * Trains a run, or goes on with it where its folder has a checkpoint. Equal config, data and engine give equal parameters, whether or not the run was
 * stopped or killed in between (a time limit makes the number of steps depend on the machine's speed).
 * @throws Error when the loss or the validation RMSE is no longer a number, InputProblem when a checkpoint is damaged.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { config, directory, signal } = options;
  const { recipe } = config;
  const lastFile = join(directory, lastCheckpoint);
  const start = config.start && readCheckpoint(join(directory, startCheckpoint)).tensors;
  const saved = existsSync(lastFile) ? readCheckpoint<Position>(lastFile) : undefined;
  const { source, perEpoch, pool, trainer, judge } = await setUp(options, saved?.meta.step ?? 0, start);

  const position: Position = saved?.meta ?? {
    step: 0,
    pace: fixedPace(Math.max(1, Math.round(recipe.epochs * perEpoch))),
    best: null,
    lossSum: 0,
    secondsBefore: 0,
  };
  if (saved) {
    position.best = bestOf(directory, position, perEpoch);
    trainer.restore({
      step: position.step,
      parameters: withPrefix(saved.tensors, 'parameters/'),
      slots: withPrefix(saved.tensors, 'slots/'),
    });
  }
  forgetAfter(directory, { epoch: Math.floor(position.step / perEpoch), step: position.step });
  // A kill may have come between an epoch's checkpoint and its keeping.
  if (position.step > 0 && position.step % perEpoch === 0) keepEpoch(directory, position.step / perEpoch);

  const secondsSpent = () => position.secondsBefore + options.elapsed();
  const save = ({ parameters, slots } = trainer.state()) => {
    const tensors = [...named('parameters/', parameters), ...named('slots/', slots)];
    const meta: Position = { ...position, secondsBefore: secondsSpent() };
    writeCheckpoint(lastFile, { meta, tensors: new Map(tensors) });
  };

  const clock = new Clock(recipe.batchSize);
  let fitted = 0;
  const fitToLimit = () => {
    fitted = performance.now();
    if (config.timeLimit === undefined || position.step >= position.pace.totalSteps) return;
    const afterwards = clock.secondsToPlace(options.imagesAfterwards);
    const left = config.timeLimit * (1 - reserve) - secondsSpent() - afterwards - clock.epochEndSeconds;
    const perStep = clock.stepSeconds + clock.epochEndSeconds / perEpoch;
    position.pace = refit(position.pace, position.step, left / perStep);
  };

  try {
    if (config.timeLimit !== undefined) {
      await probe(trainer, source, options.dataset.pictures, clock, Math.min(2, config.timeLimit / 50));
      const began = performance.now();
      const { took } = await judge.judge(trainer.state().parameters);
      clock.epochEnded(performance.now() - began, took);
      fitToLimit();
    }
    // A kill within the first epoch must find the pace that was chosen.
    if (position.step === 0) save();

    let rmse: number | null = position.best?.rmse ?? null;
    while (position.step < position.pace.totalSteps) {
      const held = options.held();
      if (held || signal.aborted) save();
      await held;
      if (signal.aborted) return outcome('stopped');
      const endsEpoch =
        position.step % perEpoch === perEpoch - 1 || position.step + 1 === position.pace.totalSteps;
      const before = endsEpoch ? trainer.state() : undefined;
      const began = performance.now();
      const rate = learningRate(recipe.schedule, progressOf(position.pace, position.step));
      const { loss } = await trainer.step(await pool.next(), rate);
      if (!Number.isFinite(loss))
        throw new Error(
          `Training diverged: the loss of step ${position.step + 1} is ${loss}. A lower learning rate may help.`,
        );
      position.step++;
      position.lossSum += loss;
      clock.stepped(performance.now() - began);
      if (performance.now() - fitted > refitMilliseconds) fitToLimit();

      const stepsInEpoch = ((position.step - 1) % perEpoch) + 1;
      const epoch = Math.ceil(position.step / perEpoch);
      const meanLoss = position.lossSum / stepsInEpoch;
      options.onProgress({
        type: 'progress',
        epoch,
        epochs: Math.ceil(position.pace.totalSteps / perEpoch),
        batch: stepsInEpoch,
        batches: perEpoch,
        imagesPerSecond: clock.imagesPerSecond,
        loss: meanLoss,
        validationRmse: rmse,
        learningRate: rate,
        etaSeconds: clock.secondsFor(position.pace.totalSteps - position.step, perEpoch),
      });
      // Lets messages and signals in between two steps.
      await setImmediate();

      if (!before) continue;
      const ended = performance.now();
      const after = trainer.state();
      const judged = await judge.judge(after.parameters);
      rmse = judged.validationRmse;
      if (!Number.isFinite(rmse))
        throw new Error(`Training diverged: the validation RMSE of epoch ${epoch} is ${rmse}.`);
      if (!position.best || rmse < position.best.rmse) {
        position.best = { epoch, rmse, trainRmse: judged.trainRmse };
        writeCheckpoint<BestEpoch>(join(directory, bestCheckpoint), {
          meta: position.best,
          tensors: after.parameters,
        });
      }
      const point: CurvePoint = {
        epoch,
        step: position.step,
        learningRate: rate,
        trainLoss: meanLoss,
        trainRmse: judged.trainRmse,
        validationRmse: rmse,
        gradientNorm: gradientNorm(recipe.optimizer, before, after),
        imagesPerSecond: clock.imagesPerSecond,
        seconds: secondsSpent(),
      };
      position.lossSum = 0;
      appendCurve(join(directory, curvesFile), point);
      save(after);
      if (stepsInEpoch === perEpoch) keepEpoch(directory, epoch);
      clock.epochEnded(performance.now() - ended, judged.took);
      options.onEpoch(point, judged.trial);
      if (recipe.patience !== null && epoch - position.best.epoch >= recipe.patience) break;
    }
    return outcome('finished');
  } finally {
    await pool.close();
    await trainer.dispose();
  }

  function outcome(status: TrainOutcome['status']): TrainOutcome {
    return {
      status,
      step: position.step,
      epochs: position.step / perEpoch,
      best: position.best,
      seconds: secondsSpent(),
      imagesPerSecond: clock.meanImagesPerSecond,
    };
  }
}

function named(prefix: string, tensors: Parameters) {
  return Array.from(tensors, ([name, tensor]) => [prefix + name, tensor] as const);
}

/** What is in the file counts, unless its epoch has to be done again: a run that went back has another best epoch. */
function bestOf(directory: string, { step, best }: Position, perEpoch: number): BestEpoch | null {
  const file = join(directory, bestCheckpoint);
  if (!existsSync(file)) return null;
  const { meta } = readCheckpoint<BestEpoch>(file);
  return meta.epoch * perEpoch <= step ? meta : best;
}
