/** src/server/main.ts --workspace DIR [--port N] [--open] [--listen ADDRESS] [--import PATH]...: serves the page and prints its address. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { defaultWorkspace } from '../service/folders.ts';
import { openLog } from '../service/log.ts';
import { openService, type Service } from '../service/service.ts';
import { Team } from '../service/team.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: defaultWorkspace() },
    port: { type: 'string', default: '0' },
    open: { type: 'boolean', default: false },
    listen: { type: 'string' },
    import: { type: 'string', multiple: true, default: [] },
  },
});

/** What a person can put right, by the system's code. */
const reasons: Record<string, string> = {
  EADDRINUSE: `Port ${values.port} is taken by another program. Choose another one, or none for any that is free.`,
  EADDRNOTAVAIL: `${values.listen} is no address of this machine.`,
  ENOTFOUND: `${values.listen} is no address of this machine.`,
  EACCES: `The system does not let this program listen on port ${values.port}. Choose one above 1023.`,
};

const port = Number(values.port);
const team =
  values.listen === undefined ? undefined : { members: new Team(values.workspace), listen: values.listen };
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  stop(2, `A port is a number from 0 to 65535, not ${values.port}.`);
else if (team && team.members.members.length === 0)
  stop(2, 'Nobody may come from elsewhere yet. Add who may, each with a token: fiducial users add NAME');
else await serve();

async function serve(): Promise<void> {
  const log = openLog();
  log.info({ directory: values.workspace, listen: values.listen }, 'The server starts.');
  const service = openService(values.workspace, { canOpen: team === undefined, log });
  try {
    const server = await startServer(service, { port, ...(team ? { team } : {}), log });
    const how = team ? `\nEach user opens it with the own token behind: ${server.address}?token=…` : '';
    process.stdout.write(`Fiducial shows ${values.workspace} at\n${server.address}${how}\nCtrl+C ends it.\n`);
    if (values.open && !team) openBrowser(server.address);
    void service.client.images.page({ limit: 100 }).catch(() => undefined); // warm, for the page that comes now
    void importAll(service.client, values.import);
    const end = () => {
      void server
        .close()
        .then(() => service.close())
        .then(() => process.exit(0));
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    process.on('disconnect', end); // the command that started this was killed
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) stop(1, error instanceof Error ? error.message : String(error));
    else stop(2, reason);
  }
}

/** One after the other; the page shows how far they are. */
async function importAll({ imports }: Service['client'], paths: readonly string[]): Promise<void> {
  for (const path of paths)
    try {
      for await (const event of await imports.run({ path }))
        if (event.type === 'done') process.stdout.write(`Imported ${path}\n`);
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
    }
}

function stop(exitCode: number, message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
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
