/** What this machine offers, what is missing, and how quickly it trains. */
import Sqlite from 'better-sqlite3';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { DoctorReport } from '../contract/doctor.ts';
import type { StartChild } from './child.ts';
import { programs } from './child.ts';
import type { DoctorFindings } from './doctor-worker.ts';
import { applicationVersion } from './lineage.ts';

export async function examine(
  directory: string,
  startChild: StartChild,
  signal?: AbortSignal,
): Promise<DoctorReport> {
  const { engines, speed } = await tryEngines(startChild, signal);
  signal?.throwIfAborted();
  return {
    versions: [
      { name: 'fiducial', version: applicationVersion },
      { name: 'node', version: process.versions.node },
      { name: 'sqlite', version: sqliteVersion() },
      { name: 'onnxruntime-node', version: packageVersion('onnxruntime-node') },
      { name: 'sharp', version: packageVersion('sharp') },
    ],
    engines,
    machine: {
      system: `${platform()} ${release()} ${arch()}`,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
    },
    workspace: { directory, freeBytes: freeBytes(directory) },
    speed,
  };
}

/** In a process of its own: an engine that crashes is a finding, and no training library is loaded here. */
function tryEngines(startChild: StartChild, signal?: AbortSignal): Promise<DoctorFindings> {
  return new Promise((resolve) => {
    let found: DoctorFindings = { engines: [], speed: null };
    const child = startChild(programs.doctor, null, {
      message: (message) => (found = message as DoctorFindings),
      end(how) {
        signal?.removeEventListener('abort', kill);
        const crash =
          how === undefined ? [] : [{ name: 'engines', version: null, problem: `crashed: ${how}` }];
        resolve({ ...found, engines: [...found.engines, ...crash] });
      },
    });
    const kill = () => child.kill();
    signal?.addEventListener('abort', kill);
  });
}

function sqliteVersion(): string {
  const database = new Sqlite(':memory:');
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  database.close();
  return version;
}

function packageVersion(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(file)) return 'not installed';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Of the disk that the folder is on, or would be. */
function freeBytes(directory: string): number {
  let folder = resolve(directory);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
