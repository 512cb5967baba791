import type { TrainerMessage } from '../ml/training/messages.ts';

/** Where a command tells what it is doing, and hears that it should stop. */
export interface Line {
  send(message: TrainerMessage): void;
  readonly signal: AbortSignal;
  /** Resolves when training may go on; undefined while it may. */
  held(): Promise<void> | undefined;
  /** Seconds since the process started, without those that it was held. */
  elapsed(): number;
}

/** Thrown when a command was told to stop. */
export class Stopped extends Error {
  readonly step: number;
  readonly epoch: number;

  constructor(step = 0, epoch = 0) {
    super(`Stopped after step ${step}.`);
    this.step = step;
    this.epoch = epoch;
  }
}
