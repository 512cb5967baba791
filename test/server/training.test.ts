/** Whatever ends while a run trains, its page, its process or the whole service: the run goes on or can, and nothing else is touched. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Client } from '../../src/service/service.ts';
import { connectClient } from '../e2e/client.ts';
import { type Served, startServer } from '../e2e/server.ts';
import { smallConfig, spotsWorkspace } from '../trainer/spots-workspace.ts';
import { trainerOf } from '../trainer/trainer-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-ended-'));
const directory = join(folder, 'workspace');
spotsWorkspace(directory);
const { spec, recipe } = smallConfig('');
const place = { imageId: 1, keypoint: 0 };

let served: Served;
let page: Awaited<ReturnType<typeof connectClient>>;
const serve = async () => {
  served = await startServer(directory, join(folder, 'config'));
  page = await connectClient(served.address);
};

beforeEach(serve);
afterEach(async () => {
  page.close();
  await served.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Waits until the run has an epoch behind it. @returns how many */
async function trains({ runs }: Client, run: number): Promise<number> {
  for await (const event of await runs.watch({ run })) if (event.type === 'epoch') return event.point.epoch;
  throw new Error('The run has ended.');
}

/** A run in training, beside one that has finished, and a label that was made meanwhile. */
async function begin({ runs, labels, images }: Client) {
  const other = await runs.start({ spec, recipe, epochs: 1 });
  for await (const event of await runs.watch({ run: other.runId })) if (event.type === 'ended') break;
  const { runId } = await runs.start({ spec, recipe, epochs: 100_000, seed: 2 });
  const reached = await trains(page.client, runId);
  const [image] = await images.get({ ids: [place.imageId] });
  const after = { state: 'visible', x: runId, y: 3 } as const; // another one in each test
  await labels.apply({ changes: [{ ...place, before: image!.labels[0]!, after }] });
  return { runId, reached, after, other: (await runs.get({ run: other.runId })).directory };
}

const contents = (path: string) =>
  readdirSync(path).map((name) => [
    name,
    createHash('sha256').update(readFileSync(join(path, name))).digest('hex'), // prettier-ignore
  ]);

test('a page that is closed leaves the run training, and the next page sees it', async () => {
  const { runId, reached } = await begin(page.client);
  page.close();
  page = await connectClient(served.address);
  expect(await page.client.runs.get({ run: runId })).toMatchObject({ status: 'running' });
  expect(await trains(page.client, runId)).toBeGreaterThan(reached);
  await page.client.runs.stop({ run: runId });
});

test('a training process that is killed fails its run alone, which goes on where it was', async () => {
  const { runId, reached, after, other } = await begin(page.client);
  const before = contents(other);
  process.kill(trainerOf(served.pid), 'SIGKILL');
  for await (const event of await page.client.runs.watch({ run: runId })) if (event.type === 'ended') break;
  expect(await page.client.runs.get({ run: runId })).toMatchObject({ status: 'failed' });
  const [image] = await page.client.images.get({ ids: [place.imageId] });
  expect(image!.labels[0]).toEqual(after);
  expect(contents(other)).toEqual(before);
  await page.client.runs.resume({ run: runId });
  expect(await trains(page.client, runId)).toBeGreaterThan(reached);
  await page.client.runs.stop({ run: runId });
});

test('a service that is killed leaves a run that can go on, the labels and every other run', async () => {
  const { runId, reached, after, other } = await begin(page.client);
  const before = contents(other);
  const trainer = trainerOf(served.pid);
  await served.stop('SIGKILL');
  await expect.poll(() => isAlive(trainer), { timeout: 60_000 }).toBe(false);
  await serve();
  expect(await page.client.runs.get({ run: runId })).toMatchObject({ status: 'stopped' });
  const [image] = await page.client.images.get({ ids: [place.imageId] });
  expect(image!.labels[0]).toEqual(after);
  expect(contents(other)).toEqual(before);
  await page.client.runs.resume({ run: runId });
  expect(await trains(page.client, runId)).toBeGreaterThan(reached);
  await page.client.runs.stop({ run: runId });
});

/** It ends at a checkpoint when its service has gone. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
