/** The processes that a service has asked for (trainings, above all): started here, because nobody else can. */
import type { UtilityProcess } from 'electron';
import { utilityProcess } from 'electron';
import { createWriteStream } from 'node:fs';
import type { FromService, ToService } from '../service/desktop-messages.ts';

type Order = Extract<FromService, { type: `${string}-child` }>;

export class Children {
  readonly #tell: (message: ToService) => void;
  readonly #running = new Map<number, UtilityProcess>();

  /** @param tell what they say goes to their service */
  constructor(tell: (message: ToService) => void) {
    this.#tell = tell;
  }

  obey(order: Order): void {
    switch (order.type) {
      case 'start-child':
        return this.#start(order.id, order.entry, order.log);
      case 'tell-child':
        return this.#running.get(order.id)?.postMessage(order.message);
      case 'kill-child': {
        const pid = this.#running.get(order.id)?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      }
    }
  }

  /** Their service has gone: trainings end with a checkpoint, for the next service to find. */
  stop(): void {
    for (const child of this.#running.values()) child.kill();
  }

  #start(id: number, entry: string, log: string | null): void {
    const child = utilityProcess.fork(entry, [], {
      serviceName: 'Fiducial training',
      stdio: log === null ? 'ignore' : ['ignore', 'pipe', 'pipe'],
    });
    this.#running.set(id, child);
    if (log !== null) {
      const file = createWriteStream(log, { flags: 'a' });
      for (const stream of [child.stdout, child.stderr]) stream?.pipe(file, { end: false });
    }
    child.on('message', (message: unknown) => this.#tell({ type: 'child-said', id, message }));
    child.once('exit', (code) => {
      this.#running.delete(id);
      this.#tell({ type: 'child-ended', id, how: code === 0 ? undefined : `ended with exit code ${code}` });
    });
  }
}
