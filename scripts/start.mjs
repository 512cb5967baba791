// `npm start [-- --web] [--workspace DIR] [--port N] [PATH...]`: sets up, builds what has changed, and opens the app: in
// a window of its own, or, where there is no screen or no Electron, in a browser.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { findElectron, hasScreen } from './electron.mjs';
import { node24, root, say, setUp } from './setup.mjs';

const { web, workspace, port, paths } = options();
setUp();
build();
const electron = !web && hasScreen() ? await findElectron() : undefined;
if (!electron || !(await openWindow())) serve();

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { web: { type: 'boolean' }, workspace: { type: 'string' }, port: { type: 'string' } },
    });
    return { ...values, web: values.web || values.port !== undefined, paths: positionals };
  } catch (error) {
    say(`${error.message}\nnpm start [-- --web] [--workspace DIR] [--port N] [PATH...]`);
    process.exit(2);
  }
}

/** @returns false when Electron has ended without showing a window: as root, say, or without its system libraries */
function openWindow() {
  const named = workspace === undefined ? [] : ['--workspace', workspace];
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE; // a terminal inside another Electron app has it set
  const app = spawn(electron, [root, ...named, ...paths], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
  });
  let shown = false;
  app.on('message', (message) => (shown ||= message === 'shown'));
  passOn(app);
  return new Promise((resolve) => {
    app.on('error', () => resolve(false));
    app.on('exit', (code, signal) => {
      const opened = shown || code === 0 || signal !== null;
      if (!opened) say('Electron does not start here, so the app is shown in a browser.');
      process.exitCode = opened ? (code ?? 1) : 0;
      resolve(opened);
    });
  });
}

function serve() {
  const given = paths.map((path) => resolve(path));
  const isWorkspace = (path) => existsSync(join(path, 'fiducial.sqlite'));
  const shown = given.findLast(isWorkspace) ?? workspace;
  const named = [
    ...(shown === undefined ? [] : ['--workspace', shown]),
    ...(port === undefined ? [] : ['--port', port]),
    ...given.filter((path) => !isWorkspace(path)).flatMap((path) => ['--import', path]),
  ];
  const server = spawn(node24, [join(root, 'src/server/main.ts'), '--open', ...named], { stdio: 'inherit' });
  passOn(server);
  server.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/**
 * A terminal sends Ctrl+C to both: the app ends cleanly, this process waits for it. npm that is ended takes its shell with
 * it and tells nobody else.
 */
function passOn(app) {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => app.kill('SIGTERM'));
  if (process.env.npm_lifecycle_event !== 'start') return;
  const shell = process.ppid;
  const watch = setInterval(() => process.ppid === shell || app.kill('SIGTERM'), 500);
  app.on('exit', () => clearInterval(watch));
}
