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
  if (!existsSync(python))
    execFileSync('python3', ['-m', 'venv', home], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return python;
}
