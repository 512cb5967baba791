/** src/server/main.ts --workspace DIR --port N [--open]: serves the page and prints its address. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { defaultWorkspace } from '../service/folders.ts';
import { openService } from '../service/service.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: defaultWorkspace() },
    port: { type: 'string', default: '0' },
    open: { type: 'boolean', default: false },
  },
});

const service = openService(values.workspace);
try {
  const server = await startServer(service, Number(values.port));
  process.stdout.write(`Fiducial shows ${values.workspace} at\n${server.address}\nCtrl+C ends it.\n`);
  if (values.open) openBrowser(server.address);
  const end = () => {
    void server
      .close()
      .then(() => service.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(
    taken
      ? `Port ${values.port} is taken by another program. Choose another one, or none for any that is free.\n`
      : `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = taken ? 2 : 1;
}

/** Where there is a screen; else the printed address has to do. */
function openBrowser(address: string): void {
  const screen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (!screen) return;
  const [program, ...parameters] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  const browser = spawn(program!, [...parameters, address], { stdio: 'ignore', detached: true });
  browser.on('error', () => undefined); // no such program
  browser.unref();
}
