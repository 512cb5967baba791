/** The Python that benchmarks run the other side with. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../.bench');

/**
 * FIDUCIAL_BENCH_PYTHON where it is set, which has to have the packages; else a virtual environment in .bench/, made and
 * filled on first use. @returns the interpreter's path
 * @throws Error when there is no Python or the packages cannot be had
 */
export function benchPython(packages: readonly string[]): string {
  const given = process.env['FIDUCIAL_BENCH_PYTHON'];
  if (given) return given;
  const home = join(folder, 'venv');
  const python =
    process.platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python');
  if (!existsSync(python)) run('python3', '-m', 'venv', home);
  for (const name of packages.filter((name) => !has(python, name))) install(python, name);
  return python;
}

function install(python: string, name: string): void {
  console.error(`Installing ${name} into .bench/venv ...`);
  // TensorFlow for processors alone goes by another name where there is one for graphics cards, too.
  const isSlim = name === 'tensorflow' && process.platform === 'linux' && process.arch === 'x64';
  run(python, '-m', 'pip', 'install', '--quiet', isSlim ? 'tensorflow-cpu' : name);
}

function has(python: string, name: string): boolean {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${name}') is None)`;
  try {
    execFileSync(python, ['-c', find], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(program: string, ...given: string[]): void {
  execFileSync(program, given, { stdio: ['ignore', 'ignore', 'inherit'] });
}
