// Makes a fresh clone ready to run. Plain JavaScript without dependencies: it runs before any is installed, on Node 20 too.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node 24 that the project brings along (npm package `node`), whatever Node started npm. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Installs what package-lock.json names, unless that was done since it last changed. Ends the process when it fails. */
export function setUp() {
  if (process.versions.node.split('.')[0] < 20)
    fail(`Node ${process.versions.node} is too old: install Node 20 or newer, then run this again.`);
  if (!isInstalled()) {
    say('Installing packages (npm ci).');
    const { status } = npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
    if (status !== 0) fail('npm ci failed; what it printed is above. Nothing else was changed.');
  }
  if (!existsSync(node24))
    fail(
      `Node 24 is missing at ${node24}: its package runs an install script, so install without --ignore-scripts.`,
    );
}

function isInstalled() {
  // npm writes this file last, so an interrupted installation lacks it.
  const stamp = join(root, 'node_modules', '.package-lock.json');
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function npm(...args) {
  return spawnSync('npm', args, {
    cwd: root,
    // Standard output belongs to the command that runs next.
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
    // onnxruntime's CPU library is in its package; without this it would fetch CUDA from elsewhere.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}

export function say(line) {
  process.stderr.write(`fiducial: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
