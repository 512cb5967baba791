/** fiducial serve: the server in a process of its own, with this terminal. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Session } from '../session.ts';

const server = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

interface ServeOptions {
  readonly port?: number;
  readonly open?: true;
  readonly listen?: string;
}

export async function serve(session: Session, { port, open, listen }: ServeOptions): Promise<void> {
  const options = ['--workspace', session.directory];
  if (port !== undefined) options.push('--port', String(port));
  if (open) options.push('--open');
  if (listen !== undefined) options.push('--listen', listen);
  const child = spawn(process.execPath, [server, ...options], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // by the channel it hears when this process is killed
  });
  session.interrupt.addEventListener('abort', () => child.kill('SIGTERM'));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  process.exitCode = code ?? 1;
}
