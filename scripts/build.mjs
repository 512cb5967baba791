// Builds the page that the server and the desktop window show, when something that it is made of changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, say } from './setup.mjs';

const sources = [
  'src/renderer',
  'src/contract',
  'src/domain',
  'electron.vite.config.ts',
  'package-lock.json',
];

/** Ends the process when the build fails. */
export function buildPage() {
  const page = join(root, 'out/renderer/index.html');
  if (existsSync(page) && sources.every((source) => newest(join(root, source)) <= statSync(page).mtimeMs))
    return;
  say('Building the page.');
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const build = spawnSync(node24, [electronVite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (build.status !== 0) {
    say('The page could not be built; what the build printed is above.');
    process.exit(1);
  }
}

function newest(path) {
  const times = [statSync(path).mtimeMs];
  if (statSync(path).isDirectory())
    for (const entry of readdirSync(path, { recursive: true }))
      times.push(statSync(join(path, entry)).mtimeMs);
  return Math.max(...times);
}
