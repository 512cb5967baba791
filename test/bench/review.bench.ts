/**
 * The review: how long the order of 10,000 predictions takes, by each of what it can go by, and one face from its pixels to
 * its points with the default network. Medians and 95th percentiles, in milliseconds. `--json` prints one document.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../../src/domain/random.ts';
import { openService } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const images = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
drawWorkspace(folder, images);

const workspace = Workspace.open(folder);
const random = randomStream(5);
const ids = workspace.images.ids();
const { keypoints } = workspace.schema;
const run = workspace.runs.create({ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId: workspace.snapshots.take().id, config: {}, lineage: {} }); // prettier-ignore
workspace.runs.update(run.id, { status: 'finished', metrics: { validation: null } });
workspace.predictions.put(
  run.id,
  ids,
  Float32Array.from({ length: 2 * keypoints.length * images }, () => 96 * random.uniform()),
  Float32Array.from({ length: keypoints.length * images }, () => random.uniform()),
);
workspace.close();

const service = openService(folder);
const { review } = service.client;

async function measure(rounds: number, work: () => Promise<unknown>) {
  await work();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return { median: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

const began = performance.now();
await review.order({ run: run.id });
const first = performance.now() - began;
const found = {
  images,
  first,
  worst: await measure(20, () => review.order({ run: run.id })),
  disagreement: await measure(20, () => review.order({ run: run.id, order: 'disagreement' })),
  keypoint: await measure(20, () => review.order({ run: run.id, keypoint: 10, reversed: true })),
  ...(await atWork()),
};
await service.close();
rmSync(folder, { recursive: true });

/** The default network after one epoch, on one face and on as many as the real test set has, a process of its own and all: how good it is makes no difference. */
async function atWork() {
  const { client, close } = await openSample({ training: 912 });
  const { runId } = await client.runs.start({ epochs: 1 });
  const events = await client.runs.watch({ run: runId });
  while (!(await events.next()).done);
  const pixels = Buffer.alloc(96 * 96, 128).toString('base64');
  const face = await measure(50, () =>
    client.predictions.live({ run: runId, width: 96, height: 96, pixels }),
  );
  const began = performance.now();
  const said = await client.predictions.make({ run: runId, filter: { kind: 'training' } });
  let predicted = 0;
  for await (const event of said) if (event.type === 'done') predicted = event.images;
  const seconds = (performance.now() - began) / 1000;
  await close();
  return { face, predicted: { images: predicted, seconds } };
}

const text = ({ median, p95 }: { median: number; p95: number }) =>
  `${median.toFixed(1)} ms, 95 % within ${p95.toFixed(1)} ms`;
if (process.argv.includes('--json')) console.log(JSON.stringify(found));
else
  console.log(`The order of ${images} predictions: ${first.toFixed(0)} ms the first time; then
  by error ${text(found.worst)}
  by disagreement ${text(found.disagreement)}
  by the error of one keypoint ${text(found.keypoint)}
One face, default network: ${text(found.face)}
${found.predicted.images} images predicted and stored in ${found.predicted.seconds.toFixed(1)} s`);
