/**
 * Entry of the training process. The service starts it, sends one TrainerCommand, and reads TrainerMessages until it
 * exits. `stop`, SIGINT, SIGTERM and the parent's end all stop training at the next step, with a checkpoint. It runs at
 * a lower priority, which the engine's threads inherit, so that labelling stays quick.
 */
import { constants, setPriority } from 'node:os';
import { InputProblem } from '../domain/problem.ts';
import type {
  FinishedResult,
  TrainerCommand,
  TrainerMessage,
  TrainerOrder,
} from '../ml/training/messages.ts';
import { parent } from '../ml/training/parent.ts';
import { runEnsemble, runEvaluate } from './judge.ts';
import { type Line, Stopped } from './line.ts';
import { Pause } from './pause.ts';
import { runOutOfFold } from './folds.ts';
import { runPredictImages } from './predict.ts';
import { runProbe } from './probe.ts';
import { runTrain } from './train.ts';

/** Between two progress messages. */
const quietMilliseconds = 200;

try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // The system does not let us: it only means that others wait a little longer.
}

const stop = new AbortController();
const pause = new Pause();
let lastProgress = 0;

const line: Line = {
  signal: stop.signal,
  held() {
    if (!pause.held) return undefined;
    line.send({ type: 'paused', paused: true });
    return pause.held.then(() => line.send({ type: 'paused', paused: false }));
  },
  elapsed: () => process.uptime() - pause.seconds,
  send(message) {
    if (message.type === 'progress' && performance.now() - lastProgress < quietMilliseconds) return;
    if (message.type === 'progress') lastProgress = performance.now();
    parent.send(message);
  },
};

for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.on(event, () => {
    order('stop');
  });

parent.listen((said) => {
  const message = said as TrainerCommand | TrainerOrder;
  if (isOrder(message)) order(message.command);
  else void obey(message).then((end) => parent.leave(end, end.type === 'failed' ? 1 : 0));
});

function isOrder(message: TrainerCommand | TrainerOrder): message is TrainerOrder {
  return message.command === 'stop' || message.command === 'pause' || message.command === 'go-on';
}

function order(command: TrainerOrder['command']): void {
  if (command === 'pause') return pause.hold();
  if (command === 'stop') stop.abort();
  pause.release();
}

async function obey(command: TrainerCommand): Promise<TrainerMessage> {
  try {
    return { type: 'finished', result: await resultOf(command) };
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped', step: error.step, epoch: error.epoch };
    const reason = error instanceof Error ? error.message : String(error);
    console.error(error);
    return { type: 'failed', reason, input: error instanceof InputProblem };
  }
}

function resultOf(command: TrainerCommand): FinishedResult | Promise<FinishedResult> {
  switch (command.command) {
    case 'train':
      return runTrain(command, line);
    case 'ensemble':
      return runEnsemble(command, line);
    case 'evaluate':
      return runEvaluate(command);
    case 'out-of-fold':
      return runOutOfFold(command);
    case 'predict-images':
      return runPredictImages(command, line);
    case 'probe':
      return runProbe(command, line);
  }
}
