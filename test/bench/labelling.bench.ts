/**
 * The service's part of what a labeller waits for, at the competition's size and at 100,000 images of 15 keypoints, two
 * thirds of them with four points as there; asked in the service's own process, where nothing but the way to the page
 * is missing. `--json` prints one document.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ImageFilter } from '../../src/contract/cells.ts';
import { randomStream } from '../../src/domain/random.ts';
import { face15 } from '../../src/domain/schema.ts';
import type { Client } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';
import type { CellChange } from '../../src/workspace/journal.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

const side = 24; // Pictures are not looked at here.
const keypoints = face15.keypoints.length;
const fourPoints = ['left_eye_center', 'right_eye_center', 'nose_tip', 'mouth_center_bottom_lip'].map(
  (name) => face15.keypoints.indexOf(name),
);

/** Training tables with four fifths of the images, a test table with the rest. */
function fill(directory: string, images: number): void {
  const random = randomStream(5);
  const mean = Float64Array.from({ length: 2 * keypoints }, () => 4 + 16 * random.uniform());
  const workspace = Workspace.open(directory, { create: true });
  workspace.transaction(() => {
    const importId = workspace.imports.begin('drawn');
    const training = workspace.sources.add({ importId, kind: 'training', fileName: 'training.csv' });
    const test = workspace.sources.add({ importId, kind: 'test', fileName: 'test.csv' });
    const changes: CellChange[] = [];
    for (let i = 0; i < images; i++) {
      const pixels = Uint8Array.from({ length: side * side }, () => random.integer(256));
      const { id } = workspace.images.add({ width: side, height: side, pixels });
      if (i % 5 === 4) {
        workspace.sources.addRow(test, { row: i + 2, imageId: id, imageKey: String(i + 1) });
        continue;
      }
      const [dx, dy] = [random.normal(), random.normal()];
      const few = random.uniform() < 2 / 3;
      const points = new Float32Array(2 * keypoints).fill(NaN);
      for (let k = 0; k < keypoints; k++) {
        if (few && !fourPoints.includes(k)) continue;
        const [x, y] = [
          mean[2 * k]! + dx + 0.3 * random.normal(),
          mean[2 * k + 1]! + dy + 0.3 * random.normal(),
        ];
        points.set([x, y], 2 * k);
        changes.push({ imageId: id, keypoint: k, after: { state: 'visible', x, y } });
      }
      workspace.sources.addRow(training, { row: i + 2, imageId: id, points });
    }
    workspace.journal.apply({ actor: { kind: 'import', name: String(importId) }, changes });
  });
  workspace.close();
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function times(count: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push(await milliseconds(() => work(i)));
  return values;
}

/** What a screen asks for when a filter is applied. */
async function applyFilter(client: Client, filter: ImageFilter): Promise<void> {
  await Promise.all([
    client.images.page({ filter, limit: 100 }),
    client.images.matrix({ filter }),
    client.queue.counts({ filter }),
  ]);
}

const filters: ImageFilter[] = [
  { keypoint: 'left_eyebrow_inner_end' },
  { keypoint: 'nose_tip', state: 'visible' },
  { state: 'occluded' },
  { complete: false },
  { kind: 'training' },
  { source: 2 },
  { author: 'import:1' },
  { duplicates: 'any' },
  { disputed: true },
  { predicted: false },
  { text: '123' },
  { kind: 'training', keypoint: 'mouth_left_corner', text: '4' },
];

async function measure(images: number): Promise<[string, number[]][]> {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  process.env['FIDUCIAL_CONFIG'] = join(directory, 'config');
  try {
    fill(directory, images);
    const opening = await times(10, async () => {
      const service = openService(directory);
      const { client } = service;
      await Promise.all([
        client.workspace.info(),
        client.images.page({ limit: 100 }),
        client.queue.counts({}),
      ]);
      await service.close();
    });
    const firstPage = await times(10, async () => {
      const service = openService(directory);
      await service.client.images.page({ limit: 100 });
      await service.close();
    });

    const service = openService(directory);
    const { client } = service;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await client.images.page({ limit: 100 });
    const shape = await milliseconds(() => client.images.shape());
    delay.disable();
    const outliers = await times(5, () => client.images.page({ order: 'outlier', limit: 100 }));
    await client.images.facets();
    const filtering = await times(5 * filters.length, (i) =>
      applyFilter(client, filters[i % filters.length]!),
    );
    const ordering = await times(20, (i) =>
      client.images.page({
        order: (['missing', 'changed', 'similar', 'outlier'] as const)[i % 4]!,
        limit: 100,
      }),
    );
    const counts = await times(20, () => client.queue.counts({}));
    const facets = await times(5, () => client.images.facets());
    const heat = await times(3, () => client.images.heat({}));

    // As a labeller goes through the queue: place, acknowledged, next cell, its image and the neighbours' pictures.
    const { cells } = await client.queue.ahead({ keypoint: 6, count: 200 });
    const clicks: number[] = [];
    const next: number[] = [];
    for (const cell of cells) {
      const change = {
        ...cell,
        before: { state: 'missing' as const },
        after: { state: 'visible' as const, x: 10, y: 10 },
      };
      clicks.push(await milliseconds(() => client.labels.apply({ changes: [change] })));
      next.push(
        await milliseconds(async () => {
          const { cells: ahead } = await client.queue.ahead({ keypoint: 6, after: cell, count: 5 });
          await client.images.get({ ids: [...new Set(ahead.map(({ imageId }) => imageId))] });
        }),
      );
    }
    const undos = await times(100, () => client.labels.undo({}));
    await service.close();
    return [
      ['open: info, first page and queue', opening],
      ['open: first page alone', firstPage],
      ['apply a filter: page, matrix and queue', filtering],
      ['a page in another order', ordering],
      ['click to acknowledged', clicks],
      ['next cell and image', next],
      ['undo', undos],
      ['queue counts', counts],
      ['facets', facets],
      ['heat map and mean face', heat],
      ['outliers after the first fit', outliers],
      ['shape fitted from nothing', [shape]],
      ['longest block while it is fitted', [delay.max / 1e6]],
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)]!;
}

const results: Record<string, unknown>[] = [];
for (const images of [7000, 100_000]) {
  const measured = (await measure(images)).map(
    ([name, values]) => [name, { p50: percentile(values, 0.5), p95: percentile(values, 0.95) }] as const,
  );
  results.push({ images, ms: Object.fromEntries(measured) });
  if (process.argv.includes('--json')) continue;
  console.log(`\n${images} images, ms`.padEnd(42), 'p50'.padStart(10), 'p95'.padStart(10));
  for (const [name, { p50, p95 }] of measured)
    console.log(name.padEnd(41), p50.toFixed(1).padStart(10), p95.toFixed(1).padStart(10));
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
