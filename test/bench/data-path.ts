/**
 * The data path, and what a training run costs beside its engine: how quickly one thread prepares batches with every
 * augmentation on, the memory that takes at 3,000 and at 100,000 images, and a whole run of the default network.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importArchive } from '../../src/workspace/import/import.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { figure, type Figure } from './figures.ts';
import { facesArchive } from './growth.ts';
import { drawWorkspace } from './large-workspace.ts';

/** A run of a minute and a half: the default recipe takes five times as long. */
const epochs = 40;
const batches = 150;

interface Pulled {
  readonly images: number;
  readonly imagesPerSecond: number;
  readonly peakMegabytes: number;
}

interface Trained {
  readonly seconds: number;
  readonly engineSeconds: number;
  readonly waitingShare: number;
  readonly imagesPerSecond: number;
  readonly peakMegabytes: number;
}

/** The first run computes what runs are set beside (baselines); later ones find it kept. */
export async function dataPath(rounds: number): Promise<{ figures: Figure[]; details: object }> {
  const folder = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  try {
    const [small, large] = [join(folder, 'small'), join(folder, 'large')];
    const workspace = Workspace.open(small, { create: true });
    await importArchive(workspace, await facesArchive(3000), {});
    workspace.close();
    drawWorkspace(large, 100_000);
    const snapshots = [small, large].map((directory) => {
      const workspace = Workspace.open(directory);
      const { id } = workspace.snapshots.take();
      workspace.close();
      return id;
    });
    const [few, many, runs] = [[] as Pulled[], [] as Pulled[], [] as Trained[]];
    for (let round = 0; round < rounds; round++) {
      few.push(run<Pulled>('pull-batches.ts', small, snapshots[0]!, batches));
      many.push(run<Pulled>('pull-batches.ts', large, snapshots[1]!, batches));
      runs.push(run<Trained>('train-once.ts', small, snapshots[0]!, epochs));
    }
    const byRound = <T>(measure: (round: number) => T) => runs.map((_, round) => measure(round));
    return {
      figures: [
        figure(
          'data path: images/s of one thread / of the engine training the default network',
          { atLeast: 3 },
          byRound((round) => few[round]!.imagesPerSecond / runs[round]!.imagesPerSecond),
        ),
        figure(
          'data path: images/s of one thread at 100,000 images / at 3,000',
          { atLeast: 0.85 },
          byRound((round) => many[round]!.imagesPerSecond / few[round]!.imagesPerSecond),
        ),
        figure(
          'data path: peak memory at 100,000 images - at 3,000, MB',
          { atMost: 100 },
          byRound((round) => many[round]!.peakMegabytes - few[round]!.peakMegabytes),
        ),
        figure(
          'share of its steps that the engine waits for batches',
          { atMost: 0.03 },
          byRound((round) => runs[round]!.waitingShare),
        ),
        figure(
          `whole run of ${epochs} epochs: wall time / time inside the engine`,
          { atMost: 1.08 },
          byRound((round) => runs[round]!.seconds / runs[round]!.engineSeconds),
        ),
      ],
      details: { few, many, runs },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run<T>(script: string, ...options: (string | number)[]): T {
  const given = [join(import.meta.dirname, script), ...options.map(String)];
  return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8' })) as T;
}
