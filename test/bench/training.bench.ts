/**
 * On the drawn sample: how quick labelling is while a run trains on all cores, beside the same without one; and how near
 * the cost told before a run is to what it takes. `--json` prints one document.
 */
import { setTimeout } from 'node:timers/promises';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const clicks = 100;
/** A person does not click quicker, in milliseconds. */
const between = 25;

const { client, close } = await openSample();
const found = {
  labelling: { alone: await labelling(), whileTraining: await whileTraining() },
  cost: await cost(),
};
await close();

if (process.argv.includes('--json')) console.log(JSON.stringify(found));
else {
  for (const [name, { apply, get }] of Object.entries(found.labelling))
    console.log(`${name}: labels.apply p95 ${apply.toFixed(1)} ms, images.get p95 ${get.toFixed(1)} ms`);
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

async function whileTraining() {
  const { runId } = await client.runs.start({ preset: 'default', epochs: 1000 });
  for await (const event of await client.runs.watch({ run: runId })) if (event.type === 'progress') break;
  const measured = await labelling();
  await client.runs.stop({ run: runId });
  return measured;
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
