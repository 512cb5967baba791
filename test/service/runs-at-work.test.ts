/** One small training, followed through the contract as a page does, and its predictions for the workspace's images. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChangeFeed } from '../../src/service/changes.ts';
import { forkChild } from '../../src/service/child.ts';
import { openService } from '../../src/service/service.ts';
import { Supervisor } from '../../src/service/supervisor.ts';
import { smallConfig, spotsWorkspace } from '../trainer/spots-workspace.ts';
import { change, clientOf, missing } from './scratch-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-runs-'));
const directory = join(folder, 'workspace');
const { snapshot } = spotsWorkspace(directory);
const service = openService(directory);
const { client } = service;
const told: string[] = [];

beforeAll(async () => {
  const { spec, recipe } = smallConfig(snapshot, 2);
  const [specFile, recipeFile] = [join(folder, 'spec.json'), join(folder, 'recipe.json')];
  writeFileSync(specFile, JSON.stringify(spec));
  writeFileSync(recipeFile, JSON.stringify({ batchSize: recipe.batchSize }));
  const events = await clientOf(service, 'ben').changes();
  await events.next();
  await client.runs.start({ spec: specFile, recipe: recipeFile, epochs: 2 });
  await expect(client.workspaces.open({ directory: folder, create: true })).rejects.toThrow(
    'A training is under way.',
  );
  for await (const event of events) {
    told.push(event.type);
    if (event.type === 'predictions') break;
  }
});

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

test('who watches is told when a run begins, when it has ended, and that it has said something', () => {
  expect(told).toEqual(['runs', 'runs', 'predictions']);
});

test('a run says where keypoints are in images with missing cells of which it has said nothing, once', async () => {
  const predicted = async () => (await client.images.page({ filter: { predicted: true }, limit: 1 })).total;
  // By the training: the 6 test images, and every third of the 36 others, which has a cell missing.
  expect(await predicted()).toBe(6 + 12);
  const [two, three] = await client.images.get({ ids: [2, 3] });
  await client.labels.apply({
    changes: [change(2, 0, missing, two!.labels[0]), change(3, 0, missing, three!.labels[0])],
  });
  const events = await Array.fromAsync(await client.predictions.make({ run: 1 }));
  expect(events[0]).toEqual({ type: 'progress', done: 0, total: 2 });
  expect(events.at(-1)).toEqual({ type: 'done', runId: 1, images: 2 });
  expect(await predicted()).toBe(6 + 12 + 2);

  const [image] = await client.images.get({ ids: [2] });
  expect(image!.prediction).toMatchObject({ runId: 1 });
  for (const { x, y, expectedError } of image!.prediction!.points) {
    expect([x, y].every((value) => value > -48 && value < 144)).toBe(true);
    expect(expectedError).toBeGreaterThan(0);
  }

  const again = await Array.fromAsync(await client.predictions.make({ run: 1 }));
  expect(again).toEqual([{ type: 'done', runId: 1, images: 0 }]);
});

test('a run that has not finished says nothing', async () => {
  const run = service.holder.write().runs.create({
    engine: 'onnx',
    preset: 'custom',
    seed: 1,
    snapshotId: snapshot,
    config: {},
    lineage: {},
  });
  service.holder.write().runs.update(run.id, { status: 'stopped' });
  await expect(client.predictions.make({ run: run.id })).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('what cannot be stored ends it with an error, and the service goes on', async () => {
  const run = service.holder.read().runs.get(1)!;
  const predicting = new Supervisor(service.holder, forkChild, new ChangeFeed()).predictImages(
    run,
    [1, 2],
    () => {
      throw new Error('The disk is full.');
    },
    new AbortController().signal,
  );
  await expect(predicting).rejects.toThrow('The disk is full.');
});

test('whoever leaves early ends it, and the workspace may be changed for another one', async () => {
  const [image] = await client.images.get({ ids: [5] });
  await client.labels.apply({ changes: [change(5, 0, missing, image!.labels[0])] });
  const events = await client.predictions.make({ run: 1 });
  await events.next();
  await events.return?.();
  expect((await client.images.get({ ids: [5] }))[0]!.prediction).toBeNull();
  expect(() => service.holder.change(join(folder, 'none'))).toThrow('There is no workspace here.');
});
