// Electron's program: npm installs a package that fetches it, and this sees to it that it is fetched when first needed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root, say } from './setup.mjs';

const folder = join(root, 'node_modules/electron');
/** Of the package, which only a set-up brings. */
const version = () => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** Says that it could not be fetched lately: every start would wait for nothing. */
const missing = join(root, 'out/electron-cannot-be-fetched');
const day = 24 * 3600 * 1000;

/** In milliseconds: for the server to answer, and for the whole download. */
const patience = { answer: 3_000, download: 600_000 };

/** Where windows can be opened at all. */
export const hasScreen = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** @returns undefined where it is not there and cannot be fetched; a line says so then */
export async function findElectron() {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return join(process.env.ELECTRON_OVERRIDE_DIST_PATH, 'electron');
  if (installed() === undefined && !(await fetchIt())) return undefined;
  return installed();
}

function installed() {
  const pathFile = join(folder, 'path.txt');
  const program = existsSync(pathFile) && join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return program && existsSync(program) ? program : undefined;
}

async function fetchIt() {
  if (existsSync(missing) && Date.now() - statSync(missing).mtimeMs < day) return false;
  const why = await unreachable();
  if (why === undefined) {
    say(`Fetching Electron ${version()}, once.`);
    const { status } = spawnSync(node24, [join(folder, 'install.js')], {
      stdio: ['ignore', process.stderr, process.stderr],
      timeout: patience.download,
    });
    if (status === 0) {
      rmSync(missing, { force: true });
      return true;
    }
  }
  say(`Electron cannot be fetched${why ? ` (${why})` : ''}; a window of its own is tried again in a day.`);
  writeFileSync(missing, '');
  return false;
}

/** Its own download would try for minutes. Through a proxy only that knows the way. @returns why, or undefined */
async function unreachable() {
  const { HTTPS_PROXY, https_proxy, GLOBAL_AGENT_HTTPS_PROXY } = process.env;
  if (HTTPS_PROXY || https_proxy || GLOBAL_AGENT_HTTPS_PROXY) return undefined;
  const mirror = process.env.npm_config_electron_mirror ?? process.env.ELECTRON_MIRROR;
  const address = new URL(mirror ?? 'https://github.com/electron/electron/releases/');
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(patience.answer) });
    return undefined;
  } catch (error) {
    return `${address.host} does not answer: ${error.cause?.code ?? error.message}`;
  }
}
