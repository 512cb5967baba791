/** On drawn spots: a run of one epoch, looked into through the service and its own process. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openService } from '../../src/service/service.ts';
import { smallConfig, spotsWorkspace } from '../trainer/spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-layers-'));
spotsWorkspace(folder);
const service = openService(folder);
const { layers, runs, images } = service.client;
beforeAll(async () => {
  const { spec } = smallConfig('');
  await runs.start({
    spec,
    recipe: { mirrorAtTest: false, shiftAtTest: 0, batchSize: 8 },
    epochs: 2,
    engine: 'onnx',
  });
  for await (const event of await runs.watch({ run: 1 }))
    if (event.type === 'ended') expect(event.run.status).toBe('finished');
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const best = { run: 1, at: 'best' } as const;
const floats = (base64: string) => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
};

test('a face comes as the network gets it, with its labels, its places as the run says them, and a layer', async () => {
  const placed = (await runs.placed({ run: 1, imageIds: Array.from({ length: 36 }, (_, i) => i + 1) })).find(
    ({ points }) => points !== null,
  )!;
  const { imageId } = placed;
  const face = await layers.face({ ...best, imageId, layer: 'conv1' });
  expect(face.picture).toMatchObject({ width: 96, height: 96 });
  expect(Buffer.from(face.picture.pixels, 'base64')).toHaveLength(96 * 96);
  expect(face.shape).toEqual([4, 23, 23]);
  expect(floats(face.values)).toHaveLength(4 * 23 * 23);
  placed.points!.forEach(({ x, y }, k) => {
    expect(face.points[2 * k]).toBeCloseTo(x, 3);
    expect(face.points[2 * k + 1]).toBeCloseTo(y, 3);
  });
  const [image] = await images.get({ ids: [imageId] });
  expect(face.labels).toEqual(
    image!.labels.flatMap((label) =>
      'x' in label ? [expect.closeTo(label.x, 4), expect.closeTo(label.y, 4)] : [null, null],
    ),
  );
});

test('the arithmetic of a value of a feature map comes to the value shown', async () => {
  const face = await layers.face({ ...best, imageId: 3, layer: 'conv1' });
  const cell = { channel: 2, row: 10, column: 7 };
  const shown = floats(face.values)[(2 * 23 + 10) * 23 + 7]!;
  const { value, field, arithmetic } = await layers.cell({ ...best, imageId: 3, layer: 'conv1', ...cell });
  expect(value).toBe(shown);
  expect(field).toEqual({ top: 40, left: 28, bottom: 44, right: 32 });
  if (arithmetic.kind !== 'weighted') throw new Error(`not ${arithmetic.kind}`);
  const [inputs, weights] = [floats(arithmetic.inputs), floats(arithmetic.weights)];
  const sum = inputs.reduce((total, input, i) => total + input * weights[i]!, arithmetic.bias);
  expect(sum).toBeCloseTo(shown, 5);
  const filters = await layers.weights({ ...best, layer: 'conv1', from: 2, count: 1 });
  expect(filters).toMatchObject({ channels: 4, shape: [1, 5, 5] });
  expect(floats(filters.values)).toEqual(weights);
});

test('a dense layer reads the map before it', async () => {
  const { channels, shape, values } = await layers.weights({ ...best, layer: 'dense1', from: 6, count: 50 });
  expect([channels, shape]).toEqual([8, [4, 11, 11]]);
  expect(floats(values)).toHaveLength(2 * 4 * 11 * 11);
  await expect(layers.weights({ ...best, layer: 'relu1', count: 1 })).rejects.toThrow('no weights');
});

test('the network before training, at a kept epoch and at its best are different ones', async () => {
  const values = [];
  for (const at of ['start', 1, 'best'] as const)
    values.push((await layers.face({ run: 1, at, imageId: 1, layer: 'conv1' })).values);
  const { bestEpoch } = (await runs.list())[0]!;
  expect(new Set(values).size).toBe(bestEpoch === 1 ? 2 : 3);
  await expect(layers.face({ run: 1, at: 7, imageId: 1, layer: 'conv1' })).rejects.toThrow('no checkpoint');
});

test('hiding parts of the face says what each keypoint is found by', async () => {
  const { columns, rows, effects } = await layers.occlusion({ ...best, imageId: 5, patch: 24, step: 16 });
  expect([columns, rows]).toEqual([6, 6]);
  expect(floats(effects)).toHaveLength(3 * 36);
  expect(Math.max(...floats(effects).map(Math.abs))).toBeGreaterThan(0);
});

test('what excites a channel most is found with progress, kept with the run, and led by the strongest image', async () => {
  expect(await layers.strongest({ ...best, layer: 'conv1', channel: 1 })).toBeNull();
  const events = [];
  for await (const event of await layers.excite(best)) events.push(event);
  expect(events[0]).toEqual({ type: 'progress', done: 0, total: 42 });
  expect(events.at(-1)).toEqual({ type: 'done', images: 42 });
  const [run] = await runs.list();
  expect(existsSync(join(run!.directory, `excitement-epoch-${run!.bestEpoch}.json`))).toBe(true);

  const found = (await layers.strongest({ ...best, layer: 'conv1', channel: 1 }))!;
  const peaks = [];
  for (let imageId = 1; imageId <= 42; imageId++) {
    const { values } = await layers.face({ ...best, imageId, layer: 'conv1' });
    peaks.push({ imageId, value: Math.max(...floats(values).subarray(23 * 23, 2 * 23 * 23)) });
  }
  peaks.sort((a, b) => b.value - a.value);
  expect(found.map(({ imageId }) => imageId)).toEqual(peaks.slice(0, 12).map(({ imageId }) => imageId));
  const { bottom, top } = found[0]!.field!;
  expect(bottom - top).toBeLessThanOrEqual(4);

  const again = [];
  for await (const event of await layers.excite(best)) again.push(event);
  expect(again).toEqual([{ type: 'done', images: 42 }]);
});

test('leaving the search ends it, and nothing is kept', async () => {
  for await (const event of await layers.excite({ run: 1, at: 'start' }))
    if (event.type === 'progress') break;
  expect(await layers.strongest({ run: 1, at: 'start', layer: 'conv1', channel: 0 })).toBeNull();
});

test('a layer, a value or an image that is not there is named', async () => {
  await expect(layers.face({ ...best, imageId: 1, layer: 'conv9' })).rejects.toThrow('found conv9');
  await expect(layers.face({ ...best, imageId: 999, layer: 'conv1' })).rejects.toThrow('no image 999');
  const beyond = { imageId: 1, layer: 'conv1', channel: 4, row: 0, column: 0 };
  await expect(layers.cell({ ...best, ...beyond })).rejects.toThrow('found 4, 0, 0');
});

test('an ensemble has no layers of its own', async () => {
  await runs.start({ spec: smallConfig('').spec, epochs: 1, engine: 'onnx' });
  for await (const event of await runs.watch({ run: 2 })) void event;
  await runs.ensemble({ runs: [1, 2] });
  await expect(layers.face({ run: 3, at: 'best', imageId: 1, layer: 'conv1' })).rejects.toThrow(
    'an ensemble',
  );
});
