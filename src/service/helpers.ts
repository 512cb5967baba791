/** Training processes that answer one question and leave nothing in the database: evaluations, predictions, probes. */
import { join } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import type { FinishedResult, TrainerCommand, TrainerMessage } from '../ml/training/messages.ts';
import type { StartChild } from './child.ts';
import { failed } from './problems.ts';
import { TrainerProcess } from './trainer-process.ts';

export class Helpers {
  readonly #startChild: StartChild;
  readonly #running = new Set<TrainerProcess>();

  constructor(startChild: StartChild) {
    this.#startChild = startChild;
  }

  /**
   * @param onMessage given what comes before the end; what it throws ends the process, and is thrown
   * @throws InputProblem as the process found it; FAILED when it failed for another reason
   */
  async ask(
    command: TrainerCommand,
    signal?: AbortSignal,
    onMessage: (message: TrainerMessage) => void = () => undefined,
  ): Promise<FinishedResult> {
    signal?.throwIfAborted();
    let refused: unknown;
    const helper = new TrainerProcess(this.#startChild, command, (message) => {
      try {
        onMessage(message);
      } catch (error) {
        refused ??= error;
        helper.kill();
      }
    });
    const kill = () => helper.kill();
    this.#running.add(helper);
    signal?.addEventListener('abort', kill);
    const end = await helper.ended;
    signal?.removeEventListener('abort', kill);
    this.#running.delete(helper);
    signal?.throwIfAborted();
    if (refused !== undefined) throw refused;
    if (end.type === 'finished') return end.result;
    if (end.type === 'failed' && end.input) throw new InputProblem(end.reason);
    throw failed(end.type === 'stopped' ? 'It was stopped.' : end.reason, join(command.runDirectory, 'log'));
  }

  kill(): void {
    for (const helper of this.#running) helper.kill();
  }
}
