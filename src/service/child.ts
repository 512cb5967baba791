/** Processes beside the service. How one is started depends on the host: Node forks it, in the desktop main does. */
import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entryOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What can be started, by its file. */
export const programs = {
  trainer: entryOf('../trainer/main.ts'),
  speed: entryOf('./speed-worker.ts'),
  inspector: entryOf('../trainer/inspector-worker.ts'),
};

export interface Child {
  send(message: unknown): void;
  /** At once, without a last word. */
  kill(): void;
}

export interface ChildListener {
  message(message: unknown): void;
  /** The last that is heard of it. @param how it ended, where that was not as it should */
  end(how: string | undefined): void;
}

/** @param log takes what the process prints; null throws that away */
export type StartChild = (entry: string, log: string | null, listener: ChildListener) => Child;

/** With Node's own means. */
export const forkChild: StartChild = (entry, log, listener) => {
  const output = log === null ? 'ignore' : openSync(log, 'a');
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', output, output, 'ipc'] });
  if (output !== 'ignore') closeSync(output);
  let failure: string | undefined;
  child.on('message', (message) => listener.message(message));
  child.on('error', (error) => (failure = error.message));
  child.on('close', (code, signal) => {
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    listener.end(code === 0 ? undefined : (failure ?? how));
  });
  return {
    send(message) {
      if (child.connected) child.send(message as object);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
};
