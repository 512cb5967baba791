/** What this machine offers, what is missing, and how quickly it trains. */
import Sqlite from 'better-sqlite3';
import { fork } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DoctorReport } from '../contract/doctor.ts';
import type { DoctorFindings } from './doctor-worker.ts';
import { applicationVersion } from './lineage.ts';

const worker = fileURLToPath(new URL('./doctor-worker.ts', import.meta.url));

export async function examine(directory: string, signal?: AbortSignal): Promise<DoctorReport> {
  const { engines, speed } = await tryEngines(signal);
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
function tryEngines(signal?: AbortSignal): Promise<DoctorFindings> {
  return new Promise((resolve) => {
    const child = fork(worker, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      ...(signal ? { signal } : {}),
    });
    let found: DoctorFindings = { engines: [], speed: null };
    child.on('message', (message: DoctorFindings) => (found = message));
    child.on('error', () => resolve(found));
    child.on('close', (code, killer) => {
      const crash =
        code === 0 ? [] : [{ name: 'engines', version: null, problem: `crashed (${killer ?? code})` }];
      resolve({ ...found, engines: [...found.engines, ...crash] });
    });
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
