/**
 * On the drawn sample: how quick labelling is while a run trains on all cores, beside the same without one, as the
 * service sees it and on the screen in Chromium; and how near the cost told before a run is to what it takes. `--json`
 * prints one document.
 */
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '../../src/service/service.ts';
import { findBrowser } from '../e2e/browser.ts';
import { connectClient } from '../e2e/client.ts';
import { startServer } from '../e2e/server.ts';
import { clickSlowly, hear, open, timesOf, toNext } from './label-page.ts';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const clicks = 100;
/** A person does not click quicker, in milliseconds. */
const between = 25;

const { client, directory, leave, close } = await openSample();
const service = {
  labelling: { alone: await labelling(), whileTraining: await whileTraining(client, labelling) },
  cost: await cost(),
};
await leave();
const found = { ...service, screen: await onScreen() };
await close();

if (process.argv.includes('--json')) console.log(JSON.stringify(found));
else {
  for (const [name, { apply, get }] of Object.entries(found.labelling))
    console.log(`${name}: labels.apply p95 ${apply.toFixed(1)} ms, images.get p95 ${get.toFixed(1)} ms`);
  for (const [name, { acknowledged, next }] of Object.entries(found.screen))
    console.log(
      `${name}: click to acknowledged p95 ${acknowledged.toFixed(0)} ms, next image p95 ${next.toFixed(0)} ms`,
    );
  const { told, took } = found.cost;
  console.log(
    `cost: told ${told.toFixed(1)} s, took ${took.toFixed(1)} s, ratio ${(told / took).toFixed(2)}`,
  );
}

/** 95th percentiles in milliseconds: a click until it is acknowledged, and the next image. */
async function labelling() {
  const { labels, images } = client;
  const { images: page } = await images.page({ limit: 100 });
  const times: Record<'apply' | 'get', number[]> = { apply: [], get: [] };
  const timed = async <T>(name: 'apply' | 'get', work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    times[name].push(performance.now() - began);
    return result;
  };
  for (let click = 0; click < clicks; click++) {
    const { id } = page[click % page.length]!;
    const keypoint = click % 15;
    const [image] = await timed('get', () => images.get({ ids: [id] }));
    const before = image!.labels[keypoint]!;
    const after = { state: 'visible', x: 10 + click / 10, y: 20 } as const;
    await timed('apply', () => labels.apply({ changes: [{ imageId: id, keypoint, before, after }] }));
    await setTimeout(between);
  }
  return { apply: percentile(times.apply, 0.95), get: percentile(times.get, 0.95) };
}

async function whileTraining<T>({ runs }: Client, measure: () => Promise<T>): Promise<T> {
  const { runId } = await runs.start({ preset: 'default', epochs: 1000 });
  for await (const event of await runs.watch({ run: runId })) if (event.type === 'progress') break;
  const measured = await measure();
  await runs.stop({ run: runId });
  return measured;
}

/** 95th percentiles in milliseconds: a click until somebody else hears of the label, and a key until the next image is seen. */
async function onScreen() {
  const browserFound = await findBrowser();
  if ('problem' in browserFound) throw new Error(`No browser starts here: ${browserFound.problem}`);
  const browser = await chromium.launch(browserFound);
  const config = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  const { address, stop } = await startServer(directory, config);
  const other = await connectClient(address);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  const { origin } = new URL(address);
  const measure = async () => {
    await open(page, origin, 'loop=left_eye_inner_corner');
    const heard = await hear(address);
    const { begun } = await timesOf(page, { until: 'saved', from: 'pointerup' }, (turn) =>
      clickSlowly(page, turn),
    );
    heard.close();
    await open(page, origin, 'image=1');
    const { times } = await timesOf(page, { until: 'next image', from: 'keydown' }, () =>
      toNext(page, () => page.keyboard.press('d')),
    );
    const acknowledged = begun.map((begun, i) => heard.times[i]! - begun);
    return { acknowledged: percentile(acknowledged, 0.95), next: percentile(times, 0.95) };
  };
  try {
    return { alone: await measure(), whileTraining: await whileTraining(other.client, measure) };
  } finally {
    other.close();
    await browser.close();
    await stop();
    rmSync(config, { recursive: true });
  }
}

/** In seconds. */
async function cost() {
  const input = { preset: 'default', epochs: 8 };
  const { seconds: told } = await client.runs.probe(input);
  const began = performance.now();
  const { runId } = await client.runs.start(input);
  for await (const event of await client.runs.watch({ run: runId })) if (event.type === 'ended') break;
  return { told, took: (performance.now() - began) / 1000 };
}
