/** What this machine offers, what is missing, and how quickly it trains. */
import Sqlite from 'better-sqlite3';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { DoctorReport } from '../contract/doctor.ts';
import { InputProblem } from '../domain/problem.ts';
import type { KeypointSchema } from '../domain/schema.ts';
import { face15 } from '../domain/schema.ts';
import { engineNames } from '../ml/engine/engines.ts';
import type { Exercise } from '../ml/engine/speed.ts';
import { presetSpec } from '../ml/network/presets.ts';
import { networkInput } from '../ml/training/fit.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { StartChild } from './child.ts';
import { fastestOf, keptSpeeds, measureEngine } from './engine-speed.ts';
import type { WorkspaceHolder } from './holder.ts';
import { applicationVersion } from './lineage.ts';

/** Of training, after the first step, for each engine. */
const seconds = 2.5;
const preset = 'lenet5';
const batchSize = 64;

export async function examine(
  holder: WorkspaceHolder,
  startChild: StartChild,
  signal?: AbortSignal,
): Promise<DoctorReport> {
  const { directory } = holder;
  const workspace = presentWorkspace(holder);
  const engines: DoctorReport['engines'] = [];
  for (const name of engineNames) {
    const order = { engine: name, exercise: exerciseOf(workspace?.schema ?? face15), seconds };
    engines.push({ name, ...(await measureEngine(startChild, order, signal)) });
    signal?.throwIfAborted();
  }
  return {
    versions: [
      { name: 'fiducial', version: applicationVersion },
      { name: 'node', version: process.versions.node },
      { name: 'sqlite', version: sqliteVersion() },
      { name: 'onnxruntime-node', version: packageVersion('onnxruntime-node') },
      { name: 'sharp', version: packageVersion('sharp') },
    ],
    engines,
    exercise: { preset, batchSize },
    auto: Object.values(workspace ? keptSpeeds(workspace) : {}).map(({ network, imagesPerSecond }) => ({
      network,
      engine: fastestOf(imagesPerSecond)!,
      imagesPerSecond,
    })),
    machine: {
      system: `${platform()} ${release()} ${arch()}`,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
    },
    workspace: { directory, freeBytes: freeBytes(directory) },
  };
}

/** There is something to say without one, too. */
function presentWorkspace(holder: WorkspaceHolder): Workspace | undefined {
  try {
    return holder.read();
  } catch (error) {
    if (error instanceof InputProblem) return undefined;
    throw error;
  }
}

function exerciseOf({ keypoints }: KeypointSchema): Exercise {
  return {
    spec: presetSpec(preset),
    input: networkInput,
    outputs: 2 * keypoints.length,
    batchSize,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    loss: { kind: 'mse' },
  };
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
