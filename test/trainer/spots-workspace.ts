/** A workspace of drawn spots, labelled, with a test table and a lookup table; and runs in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../src/domain/random.ts';
import type { RunConfig } from '../../src/ml/training/config.ts';
import { parseRecipe, presetRecipes } from '../../src/ml/training/recipe.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { threePoints, visible } from '../workspace/scratch.ts';

const keypoints = threePoints.keypoints.length;

/** 36 labelled pictures of 96x96, the first four near duplicates; 6 test pictures, one of 48x48. */
export function spotsWorkspace(directory: string): { snapshot: string; testImages: number[] } {
  const workspace = Workspace.open(directory, { create: true, schema: threePoints });
  const { images, sources, journal, imports, submissions } = workspace;
  const importId = imports.begin('spots');
  const training = sources.add({ importId, kind: 'training', fileName: 'training.csv' });
  for (let i = 0; i < 36; i++) {
    const { pixels, places } = drawSpots(i, 96);
    const { id } = images.add({ width: 96, height: 96, pixels });
    sources.addRow(training, { row: i + 2, imageId: id, ...(i > 20 && i < 24 ? { group: 'ana' } : {}) });
    const changes = places.map(([x, y], keypoint) => ({ imageId: id, keypoint, after: visible(x, y) }));
    journal.apply({
      actor: { kind: 'import', name: '1' },
      changes: i % 3 === 0 ? changes.slice(0, 2) : changes,
    });
  }
  const table = sources.add({ importId, kind: 'test', fileName: 'test.csv' });
  const testImages = Array.from({ length: 6 }, (_, i) => {
    const side = i === 0 ? 48 : 96;
    const { id } = images.add({ width: side, height: side, pixels: drawSpots(100 + i, side).pixels });
    sources.addRow(table, { row: i + 2, imageId: id, imageKey: String(i + 1) });
    return id;
  });
  submissions.setLookup([{ rowId: 1, imageKey: '1', keypoint: 0, axis: 'x' }]);
  const snapshot = workspace.snapshots.take('spots').id;
  workspace.close();
  return { snapshot, testImages };
}

/** Soft spots on a slanted background, one for each keypoint. */
export function drawSpots(number: number, side: number) {
  const random = randomStream(77, number);
  const slant = random.uniform();
  const places = Array.from(
    { length: keypoints },
    () => [side * (0.2 + 0.6 * random.uniform()), side * (0.2 + 0.6 * random.uniform())] as const,
  );
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    const glow = places.reduce(
      (sum, [spotX, spotY], k) =>
        sum + (150 - 40 * k) * Math.exp(-((x - spotX) ** 2 + (y - spotY) ** 2) / side),
      0,
    );
    return Math.min(255, 60 * (slant * (x / side) + (1 - slant) * (y / side)) + glow);
  });
  return { pixels, places };
}

export function newRun(workspace: string, name: string): string {
  const runDirectory = join(workspace, 'runs', name);
  mkdirSync(runDirectory, { recursive: true });
  return runDirectory;
}

export function smallConfig(snapshot: string, epochs = 12): RunConfig {
  return {
    preset: 'custom',
    spec: {
      layers: [
        { type: 'conv', filters: 4, kernel: 5, stride: 4 },
        { type: 'relu' },
        { type: 'maxPool', size: 2 },
        { type: 'flatten' },
        { type: 'dense', units: 8 },
        { type: 'dropout', rate: 0.1 },
      ],
    },
    recipe: parseRecipe({ ...presetRecipes.default, epochs, batchSize: 8 }),
    engine: 'auto',
    seed: 1,
    snapshot,
    rows: { kind: 'all' },
    split: { validation: 0.2, seed: 1 },
    threads: 1,
  };
}
