/**
 * One training process: started with one command, followed to its end. It has a log of its own; whatever becomes of
 * it, this process goes on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainerCommand, TrainerMessage, TrainerOrder } from '../ml/training/messages.ts';
import type { Child, StartChild } from './child.ts';
import { programs } from './child.ts';

/** How it ended: the three that the process says itself, or `crashed` when it said nothing. */
export type TrainerEnd = Extract<TrainerMessage, { type: 'finished' | 'stopped' | 'failed' }> | Crash;

interface Crash {
  readonly type: 'crashed';
  readonly reason: string;
}

export class TrainerProcess {
  readonly ended: Promise<TrainerEnd>;
  readonly #child: Child;

  /** @param onMessage what it says before its end */
  constructor(start: StartChild, command: TrainerCommand, onMessage: (message: TrainerMessage) => void) {
    const log = join(command.runDirectory, 'log');
    const { promise, resolve } = Promise.withResolvers<TrainerEnd>();
    this.ended = promise;
    let end: TrainerEnd | undefined;
    this.#child = start(programs.trainer, log, {
      message(said) {
        const message = said as TrainerMessage;
        if (message.type === 'finished' || message.type === 'stopped' || message.type === 'failed')
          end = message;
        else onMessage(message);
      },
      end: (how = 'ended') => resolve(end ?? { type: 'crashed', reason: crashReason(how, log) }),
    });
    this.#child.send(command);
  }

  /** For what leaves nothing behind: evaluation and prediction. */
  kill(): void {
    this.#child.kill();
  }

  /** What training does at the next step. */
  order(command: TrainerOrder['command']): void {
    this.#child.send({ command } satisfies TrainerOrder);
  }
}

function crashReason(how: string, log: string): string {
  const lastLines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  return `The training process ${how}.${lastLines && ` Its log ends:\n${lastLines}`}`;
}
