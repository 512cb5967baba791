/**
 * Entry of the desktop app. Main makes windows, menus, schemes and processes, and nothing else: workspaces belong to
 * the service processes, and the pages talk to those through ports of their own.
 */
import { app } from 'electron';
import { join, resolve } from 'node:path';
import { startedWith } from './arguments.ts';
import { registerSchemes } from './protocols.ts';
import { Shell } from './shell.ts';

const given = startedWith(ownArguments(process.argv), process.cwd());

if (app.requestSingleInstanceLock(given)) {
  registerSchemes();
  const shell = new Shell(join(app.getPath('userData'), 'shell.json'));
  const early: string[] = [];
  let open = (path: string): void => {
    early.push(path);
  };

  app.on('open-file', (event, path) => {
    event.preventDefault();
    open(path);
  });
  app.on('second-instance', (_event, _argv, _cwd, other) => shell.openGiven(other as typeof given));
  app.on('activate', () => shell.openGiven({ paths: [] }));
  app.on('window-all-closed', () => shell.leave());
  app.on('will-quit', (event) => {
    if (shell.ended) return;
    event.preventDefault();
    // Not within this event, where quitting once more would be overlooked.
    void shell.close().then(() => setImmediate(() => app.quit()));
  });
  void app.whenReady().then(() => {
    open = (path) => shell.openGiven({ paths: [path] });
    shell.start({ ...given, paths: [...given.paths, ...early] });
  });
} else {
  app.quit();
}

/** In development Electron stands first, with its own options and the app's folder. */
function ownArguments(argv: readonly string[]): readonly string[] {
  if (!process.defaultApp) return argv.slice(1);
  const folder = argv.findIndex((argument, i) => i > 0 && resolve(argument) === app.getAppPath());
  return argv.slice((folder === -1 ? 1 : folder) + 1);
}
