// Builds what the desktop app and the browser show and run, when something that it is made of has changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24, root, say } from './setup.mjs';

const sources = ['src', 'scripts', 'electron.vite.config.ts', 'package-lock.json'].map((path) =>
  join(root, path),
);

/**
 * Ends the process when the build fails.
 * @param out the folder below the root
 */
export function build(out = 'out') {
  const stamp = join(root, out, 'built');
  if (existsSync(stamp) && newest(sources) <= statSync(stamp).mtimeMs) return;
  say('Building the app.');
  const started = new Date();
  rmSync(stamp, { force: true });
  const vite = [
    'node_modules/electron-vite/bin/electron-vite.js',
    'build',
    '--logLevel',
    'warn',
    '--outDir',
    out,
  ];
  const strip = ['--disable-warning=ExperimentalWarning', 'scripts/strip-types.mjs', join(root, out)];
  for (const command of [vite, strip]) {
    const { status } = spawnSync(node24, command, {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
    });
    if (status === 0) continue;
    say('The app could not be built; what the build printed is above.');
    process.exit(1);
  }
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started); // what was changed meanwhile is not in it
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build(process.argv[2]);

function newest(paths) {
  const times = paths.map((path) => {
    const here = statSync(path);
    if (!here.isDirectory()) return here.mtimeMs;
    return Math.max(here.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
  });
  return Math.max(0, ...times);
}
