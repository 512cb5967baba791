/** Finished runs of a tiny network on drawn spots: ensembles, comparisons, what people say of them, deletion, cost. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView, StartInput } from '../../src/contract/runs.ts';
import { openService, type Service } from '../../src/service/service.ts';
import { smallConfig, spotsWorkspace } from '../trainer/spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-records-'));
const { spec, recipe } = smallConfig('');
const small = (more: Partial<StartInput> = {}): StartInput => ({ spec, recipe, epochs: 3, ...more });

let service: Service;
let first: RunView;
let second: RunView;
let folds: RunView[];
const runs = () => service.client.runs;

async function finished({ runId }: RunView): Promise<RunView> {
  for await (const event of await runs().watch({ run: runId })) if (event.type === 'ended') return event.run;
  throw new Error('It was lost sight of.');
}
const trained = async (input: StartInput) => finished(await runs().start(input));

beforeAll(async () => {
  spotsWorkspace(folder);
  service = openService(folder);
  first = await trained(small({ seed: 1 }));
  second = await trained(small({ seed: 2, epochs: 12 }));
  folds = [
    await trained(small({ epochs: 1, split: { fold: 0, folds: 3 } })),
    await trained(small({ epochs: 1, split: { fold: 1, folds: 3 } })),
  ];
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

describe('an ensemble', () => {
  test('is judged on what its members held out, and averages their places', async () => {
    const members = [first.runId, second.runId];
    const run = await finished(await runs().ensemble({ runs: members }));
    expect(run).toMatchObject({ status: 'finished', network: 'ensemble', members, rows: null });
    expect(run.validationImages).toBe(first.validationImages);
    expect(run.validation!.rmse).toBeGreaterThan(0);
    const imageId = await validating(first);
    const [own, a, b] = await Promise.all(
      [run, first, second].map(async ({ runId }) => (await runs().placed({ run: runId, imageIds: [imageId] }))[0]!.points!), // prettier-ignore
    );
    own!.forEach(({ x }, k) => expect(x).toBeCloseTo((a![k]!.x + b![k]!.x) / 2, 3));
  });

  test('submits and evaluates like a run, but is not one network to export', async () => {
    const [run] = (await runs().list()).filter(({ members }) => members.length > 0);
    const out = join(folder, 'submission.csv');
    const written = await service.client.exports.submission({ run: run!.runId, out });
    expect(written.rows).toBe(1);
    expect(readFileSync(out, 'utf8')).toMatch(/^RowId,Location\n1,/);
    const judged = await runs().evaluate({ run: run!.runId });
    expect(judged.validation).toEqual(run!.validation);
    const exporting = service.client.exports.model({ run: run!.runId, out: join(folder, 'model.onnx') });
    await expect(exporting).rejects.toThrow('is an ensemble');
  });

  test('whose members held out different images says that it cannot be judged, and still predicts', async () => {
    const run = await finished(await runs().ensemble({ runs: folds.map(({ runId }) => runId) }));
    expect(run).toMatchObject({ status: 'finished', validation: null, validationImages: 0, baselines: [] });
    const { predictions } = await runs().dependents({ run: run.runId });
    expect(predictions).toBe(6 + 12); // test images, and those that lack a point
  });

  test('takes finished runs, each once, and no ensembles', async () => {
    const [ensemble] = (await runs().list()).filter(({ members }) => members.length > 0);
    const { runId } = first;
    await expect(runs().ensemble({ runs: [runId, runId] })).rejects.toThrow('named twice');
    await expect(runs().ensemble({ runs: [runId, ensemble!.runId] })).rejects.toThrow('an ensemble itself');
  });
});

/** An image of the run's validation. */
async function validating({ runId }: RunView): Promise<number> {
  return (await runs().get({ run: runId })).worst!.faces[0]!.imageId;
}

describe('runs that are compared', () => {
  test('say what differs in their configs, and by how much on the same images', async () => {
    const compared = await runs().compare({ runs: [first.runId, second.runId] });
    expect(compared.differences.map(({ field, values }) => [field, values])).toEqual([
      ['recipe.epochs', [3, 12]],
      ['seed', [1, 2]],
    ]);
    expect(compared.images + compared.setAside).toBe(first.validationImages);
    expect(compared.runs.map(({ curve }) => curve.length)).toEqual([3, 12]);
    const [change] = compared.changes;
    expect(change!.overall.difference).toBeCloseTo(compared.rmse![1]! - compared.rmse![0]!, 6);
    expect(change!.overall.low).toBeLessThanOrEqual(change!.overall.high);
    expect(change!.keypoints.map(({ keypoint }) => keypoint)).toEqual(['left_eye', 'right_eye', 'nose']);
    expect(change!.worse.length + change!.better.length).toBeGreaterThan(0);
    for (const { before, after } of change!.better) expect(after).toBeLessThan(before);
  });

  test('on no common image are not compared by numbers', async () => {
    const compared = await runs().compare({ runs: folds.map(({ runId }) => runId) });
    expect(compared).toMatchObject({ images: 0, rmse: null, changes: [] });
  });
});

test('what people say of a run stays with it', async () => {
  const { runId } = first;
  await runs().edit({ run: runId, tags: ['base', 'base', ' for Ana '], note: 'three epochs' });
  const archived = await runs().edit({ run: runId, archived: true });
  expect(archived).toMatchObject({ tags: ['base', 'for Ana'], note: 'three epochs', archived: true });
  expect(await runs().edit({ run: runId, archived: false })).toMatchObject({ archived: false });
});

test('a run knows where it came from, and which submissions were written from it', async () => {
  await service.client.exports.submission({ run: first.runId, out: join(folder, 'first.csv') });
  const { lineage } = await runs().get({ run: first.runId });
  expect(lineage).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    engineVersion: expect.stringMatching(/^\d/) as string,
    snapshot: { id: first.snapshot },
    submissions: [{ path: join(folder, 'first.csv') }],
  });
});

test('what a run will take is told before, with the images that it will train on', async () => {
  const cost = await runs().probe(small({ seed: 1 }));
  expect(cost).toMatchObject({
    ...{ engine: first.engine, epochs: 3 },
    ...{ trainingImages: first.trainingImages, validationImages: first.validationImages },
  });
  expect(cost.seconds).toBeGreaterThan(3 * cost.secondsPerEpoch);
  for (const value of [cost.imagesPerSecond, cost.memoryBytes, cost.diskBytes])
    expect(value).toBeGreaterThan(0);
  expect((await runs().list()).some(({ status }) => status === 'queued')).toBe(false);
});

test('a run goes with the ensembles that are named, its rows and its folder; what it has started stays', async () => {
  const next = await trained(small({ epochs: 1, from: { run: second.runId } }));
  const found = await runs().dependents({ run: second.runId });
  expect(found).toMatchObject({ predictions: 6 + 12, startedFrom: [next.runId] });
  expect(found.ensembles).toHaveLength(1);
  await expect(runs().delete({ run: second.runId })).rejects.toThrow('is a member of ensembles');
  const { deleted } = await runs().delete({ run: second.runId, ensembles: found.ensembles });
  expect(deleted).toEqual([second.runId, ...found.ensembles]);
  expect(existsSync(second.directory)).toBe(false);
  const left = (await runs().list()).map(({ runId }) => runId);
  expect(left).toContain(next.runId);
  expect(left).not.toContain(second.runId);
  expect(await runs().get({ run: next.runId })).toMatchObject({ start: { run: second.runId } });
});
