// Builds what the desktop app and the browser show and run, when something that it is made of has changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, say } from './setup.mjs';

/**
 * Ends the process when the build fails.
 * @param out the folder below the root
 * @param env what else electron-vite is told
 */
export function build(out = 'out', env = {}) {
  const stamp = join(root, out, 'built');
  if (existsSync(stamp) && newest(sources) <= statSync(stamp).mtimeMs) return;
  say('Building the app.');
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
      env: { ...process.env, ...env },
    });
    if (status === 0) continue;
    say('The app could not be built; what the build printed is above.');
    process.exit(1);
  }
  writeFileSync(stamp, '');
}

const sources = ['src', 'scripts', 'electron.vite.config.ts', 'package-lock.json'].map((path) =>
  join(root, path),
);

function newest(paths) {
  const times = paths.map((path) => {
    const here = statSync(path);
    if (!here.isDirectory()) return here.mtimeMs;
    return Math.max(here.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
  });
  return Math.max(0, ...times);
}
