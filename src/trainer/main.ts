/**
 * Entry of the training process. The service forks it (serialization `advanced`), sends one TrainerCommand, and reads
 * TrainerMessages until it exits. `stop`, SIGINT, SIGTERM and the parent's end all stop training at the next step, with a
 * checkpoint.
 */
import { InputProblem } from '../domain/problem.ts';
import type { StopCommand, TrainerCommand, TrainerMessage } from '../ml/training/messages.ts';
import { type Line, runEvaluate, runPredict, runTrain, Stopped } from './commands.ts';

/** Between two progress messages. */
const quietMilliseconds = 200;

const stop = new AbortController();
let lastProgress = 0;

const line: Line = {
  signal: stop.signal,
  elapsed: () => process.uptime(),
  send(message) {
    if (message.type === 'progress' && performance.now() - lastProgress < quietMilliseconds) return;
    if (message.type === 'progress') lastProgress = performance.now();
    if (process.connected) process.send!(message);
  },
};

for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
  process.on(event, () => {
    stop.abort();
  });

process.on('message', (message: TrainerCommand | StopCommand) => {
  if (message.command === 'stop') stop.abort();
  else void obey(message).then(leave);
});

async function obey(command: TrainerCommand): Promise<TrainerMessage> {
  try {
    switch (command.command) {
      case 'train':
        return { type: 'finished', result: await runTrain(command, line) };
      case 'evaluate':
        return { type: 'finished', result: await runEvaluate(command) };
      case 'predict':
        return { type: 'finished', result: await runPredict(command) };
    }
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped', step: error.step, epoch: error.epoch };
    const reason = error instanceof Error ? error.message : String(error);
    console.error(error);
    return { type: 'failed', reason, input: error instanceof InputProblem };
  }
}

/** The last message must be out before the process ends. */
function leave(message: TrainerMessage): void {
  const code = message.type === 'failed' ? 1 : 0;
  if (!process.connected) process.exit(code);
  process.send!(message, () => process.exit(code));
}
