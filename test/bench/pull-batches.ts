/**
 * The data path alone: `pull-batches.ts WORKSPACE SNAPSHOT BATCHES` takes batches of 64 from one thread, every
 * augmentation on. Prints images a second and the peak memory as JSON.
 */
import { mirrorPermutation } from '../../src/domain/schema.ts';
import { BatchPool } from '../../src/ml/augment/pool.ts';
import { loadDataset } from '../../src/trainer/load.ts';
import { peakMemory } from '../../src/trainer/peak-memory.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { everyChange } from './every-change.ts';

const [directory, snapshot, count] = process.argv.slice(2) as [string, string, string];
const batchSize = 64;
const workspace = Workspace.openReadOnly(directory);
const dataset = loadDataset(workspace, snapshot);
const source = {
  input: dataset.input,
  permutation: mirrorPermutation(dataset.schema),
  augmentation: everyChange,
  normalisation: 'standardise' as const,
  pictures: dataset.pictures.source,
  points: dataset.points,
  imageIds: dataset.imageIds,
  images: Int32Array.from(dataset.imageIds.keys()),
  batchSize,
  seed: 1,
};
const pool = new BatchPool(source, 0, 1);
// The thread has started, and its code is compiled, when these are there.
for (let step = 0; step < 20; step++) await pool.next();
const began = performance.now();
for (let step = 0; step < Number(count); step++) await pool.next();
const seconds = (performance.now() - began) / 1000;
await pool.close();
workspace.close();
console.log(
  JSON.stringify({
    images: dataset.imageIds.length,
    imagesPerSecond: (Number(count) * batchSize) / seconds,
    peakMegabytes: peakMemory() / 1e6,
  }),
);
