/** What a run came from besides its config: versions and machine, to be able to say later why two runs differ. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release } from 'node:os';
import { resolve } from 'node:path';

export const applicationVersion: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** What the database keeps of it. */
export type Lineage = ReturnType<typeof lineage>;

export function lineage() {
  return {
    fiducial: applicationVersion,
    commit: commit(),
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  };
}

/** Of the source, where this is a checkout of its own; with `+` where files were changed. */
function commit(): string | null {
  const root = resolve(import.meta.dirname, '../..');
  const git = (...words: string[]) =>
    execFileSync('git', ['--no-optional-locks', ...words], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    if (resolve(git('rev-parse', '--show-toplevel')) !== root) return null;
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return null; // no checkout, or no git
  }
}
