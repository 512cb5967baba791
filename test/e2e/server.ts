/** The real server on a workspace, as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../src/server/main.ts');

export interface Served {
  /** With the token. */
  readonly address: string;
  readonly pid: number;
  /** @param signal SIGKILL ends it without a word; anything else lets it close in order */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** @param config the folder for its settings, which are not to be the person's own */
export function startServer(workspace: string, config: string): Promise<Served> {
  const server = spawn(process.execPath, [entry, '--workspace', workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FIDUCIAL_CONFIG: config },
  });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const [address] = /http:\S+\n/.exec(said) ?? [];
      if (address === undefined) return;
      const stop = (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') =>
        new Promise<void>((ended) => {
          if (server.exitCode !== null || server.signalCode !== null) return ended();
          server.on('exit', () => ended());
          server.kill(signal);
        });
      resolve({ address: address.trim(), pid: server.pid!, stop });
    });
    server.on('exit', () => reject(new Error('The server ended.')));
  });
}
