/**
 * One training process: started with one command, followed to its end. It runs at a lower priority, so that
 * labelling stays quick, and with a log of its own; whatever becomes of it, this process goes on.
 */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StopCommand, TrainerCommand, TrainerMessage } from '../ml/training/messages.ts';

const entry = fileURLToPath(new URL('../trainer/main.ts', import.meta.url));

/** How it ended: the three that the process says itself, or `crashed` when it said nothing. */
export type TrainerEnd = Extract<TrainerMessage, { type: 'finished' | 'stopped' | 'failed' }> | Crash;

interface Crash {
  readonly type: 'crashed';
  readonly reason: string;
}

export class TrainerProcess {
  readonly ended: Promise<TrainerEnd>;
  readonly #child: ChildProcess;

  /** @param onMessage what it says before its end */
  constructor(command: TrainerCommand, onMessage: (message: TrainerMessage) => void) {
    const logFile = join(command.runDirectory, 'log');
    const log = openSync(logFile, 'a');
    this.#child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      let end: TrainerEnd | undefined;
      this.#child.on('message', (message: TrainerMessage) => {
        if (message.type === 'finished' || message.type === 'stopped' || message.type === 'failed')
          end = message;
        else onMessage(message);
      });
      this.#child.on('error', (error) => resolve({ type: 'crashed', reason: error.message }));
      this.#child.on('close', (code, signal) =>
        resolve(end ?? { type: 'crashed', reason: crashReason(code, signal, logFile) }),
      );
    });
    lowerPriority(this.#child.pid);
    this.#child.send(command);
  }

  /** For what leaves nothing behind: evaluation and prediction. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends training with a checkpoint. */
  stop(): void {
    if (this.#child.connected) this.#child.send({ command: 'stop' } satisfies StopCommand);
  }
}

function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us: it only means that others wait a little longer.
  }
}

function crashReason(code: number | null, signal: string | null, logFile: string): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  return `The training process ${how}.${lastLines && ` Its log ends:\n${lastLines}`}`;
}
