/**
 * Which Electron the tests of the desktop app start: the project's own where it has been fetched, else an old one that
 * ELECTRON_EXEC_PATH and ELECTRON_COMPAT name, for which the app is built once more.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Electron {
  readonly executablePath: string;
  /** Before the app's own arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the built app. */
  readonly built: string;
  /** Whether it stands in for the project's own. */
  readonly old: boolean;
}

const root = join(import.meta.dirname, '../..');

/** @returns why there is none, where there is none */
export function findElectron(): Electron | { readonly problem: string } {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return { problem: 'there is no screen (xvfb-run makes one)' };
  const package_ = join(root, 'node_modules/electron');
  if (existsSync(join(package_, 'path.txt'))) {
    const program = join(package_, 'dist', readFileSync(join(package_, 'path.txt'), 'utf8'));
    if (existsSync(program))
      return { executablePath: program, args: [root], env: {}, built: join(root, 'out'), old: false };
  }
  const { ELECTRON_EXEC_PATH: old, ELECTRON_COMPAT: compat } = process.env;
  if (!old || !compat) return { problem: 'Electron has not been fetched' };
  build('out22', { ELECTRON_MAJOR_VER: '22' });
  const app = join(root, 'out22');
  // The page as it is, after a script that adds what the old Chromium lacks.
  copyFileSync(join(import.meta.dirname, 'chromium108.js'), join(app, 'renderer/chromium108.js'));
  const page = join(app, 'renderer/index.html');
  const html = readFileSync(page, 'utf8');
  const script = '<script src="/chromium108.js"></script>';
  if (!html.includes(script)) writeFileSync(page, html.replace('<head>', `<head>${script}`));
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'fiducial', version: '0.1.0', main: 'main/index.cjs', type: 'module' }),
  );
  return {
    executablePath: old,
    args: ['-r', compat, app],
    env: { ELECTRON_COMPAT_NODE: process.execPath },
    built: app,
    old: true,
  };
}

function build(out: string, env: Record<string, string>): void {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), out], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error('The app could not be built for the Electron of the tests.');
}
