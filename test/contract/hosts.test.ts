/** The contract behaves the same however the service is reached. */
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink } from '@orpc/client/websocket';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { predictFromPlaced } from '../../src/domain/shape-model.ts';
import { startServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server.ts';
import type { Client } from '../../src/service/service.ts';
import type { Port } from '../../src/service/message-port.ts';
import { answerPort } from '../../src/service/message-port.ts';
import { openService } from '../../src/service/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-contract-'));
const archive = join(folder, 'faces.zip');

const inProcess = openService(join(folder, 'in-process'));
const served = openService(join(folder, 'served'));
const beside = openService(join(folder, 'beside'));
let server: RunningServer;
let websocket: WebSocket;
let remote: Client;
const { port1, port2 } = new MessageChannel();
const overPort: Client = createORPCClient(new PortLink({ port: port1 }));

beforeAll(async () => {
  await inProcess.client.sample.write({ out: archive });
  answerPort(beside, asElectronHandsIt(port2), { user: 'ann', client: 'page' });
  server = await startServer(served);
  const { origin } = new URL(server.address);
  const signIn = await fetch(server.address, { redirect: 'manual' });
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
  websocket = new WebSocket(`${origin.replace('http', 'ws')}/contract`, { headers: { cookie, origin } });
  remote = createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
});

afterAll(async () => {
  websocket.close();
  await server.close();
  port1.close();
  await Promise.all([inProcess.close(), served.close(), beside.close()]);
  rmSync(folder, { recursive: true });
});

/** Node gives a listener the message, Electron an event that holds it. */
function asElectronHandsIt(port: MessagePort): Port {
  return {
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port.on(event as 'message', (data: unknown) => listener({ data })),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  };
}

describe.each([
  ['in process', () => inProcess.client],
  ['over a WebSocket', () => remote],
  ['over a message port', () => overPort],
])('%s', (_host, connect) => {
  test('input that is wrong arrives as an error with its details', async () => {
    await expect(connect().workspace.info()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      defined: true,
      data: { hint: expect.any(String) as string },
    });
    const events = await connect().imports.run({ path: join(folder, 'none.zip') });
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'BAD_INPUT', defined: true });
  });

  test('an import tells its progress and ends with its report', async () => {
    const events = await Array.fromAsync(await connect().imports.run({ path: archive }));
    expect(events.at(-1)).toMatchObject({ type: 'done', report: { trainingImages: 240, testImages: 60 } });
    expect(events[0]).toEqual({ type: 'begun', name: 'faces.zip' });
    expect(events.at(-2)).toEqual({ type: 'writing' });
    expect(events.slice(1, -2).every(({ type }) => type === 'progress')).toBe(true);
  });

  test('images come a page at a time, with their labels', async () => {
    const { total, images } = await connect().images.page({ offset: 298, limit: 10 });
    expect(total).toBe(300);
    expect(images).toHaveLength(2);
    expect(images[0]!.labels).toHaveLength(15);
  });

  test('completeness counts the training images only', async () => {
    const { trainingImages, completeness } = await connect().workspace.info();
    for (const { states } of completeness)
      expect(states.missing + states.visible + states.occluded + states.absent).toBe(trainingImages);
  });

  test('a change to a label is told to who watches, from the very connection that made it', async () => {
    const client = connect();
    const events = await client.changes();
    const { value: watching } = (await events.next()) as { value: { type: string; client: string } };
    expect(watching.type).toBe('watching');
    const { cells } = await client.queue.ahead({ count: 1 });
    const after = { state: 'visible', x: 12.3, y: 45.6 } as const;
    const change = { ...cells[0]!, before: { state: 'missing' } as const, after };
    await client.labels.apply({ changes: [change] });
    expect((await events.next()).value).toMatchObject({
      type: 'labels',
      client: watching.client,
      cells: [{ ...cells[0], label: after }],
    });
    await events.return?.();
  });

  test('a conflict arrives with what the cell holds, and undo takes the change back', async () => {
    const client = connect();
    const [entry] = await client.labels.history({ limit: 1 });
    const { imageId, keypoint, after: label } = entry!;
    const late = { imageId, keypoint, before: { state: 'absent' }, after: { state: 'missing' } } as const;
    await expect(client.labels.apply({ changes: [late] })).rejects.toMatchObject({
      code: 'LABEL_CONFLICT',
      defined: true,
      data: { found: [{ imageId, keypoint, label }] },
    });
    expect((await client.labels.undo({}))!.changed).toMatchObject([
      { imageId, keypoint, label: { state: 'missing' } },
    ]);
  });

  test('the shape of the faces arrives as numbers that the page can work on', async () => {
    const shape = await connect().images.shape();
    expect(shape.images).toBeGreaterThan(200);
    const placed = Array.from({ length: 30 }, (_, i) => (i < 4 ? [66, 38, 30, 38][i]! : NaN));
    const guesses = predictFromPlaced(shape, placed, { width: 96, height: 96 });
    expect(guesses.filter((guess) => guess && guess.x > 0 && guess.x < 96)).toHaveLength(13);
  });

  test('a run that is not there is NOT_FOUND', async () => {
    await expect(connect().runs.get({ run: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND', defined: true });
    await expect(connect().runs.get({ run: 'latest' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('input of the wrong shape is refused', async () => {
    const shapeless = { offset: -1, limit: 1 };
    await expect(connect().images.page(shapeless)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

test('a message over a port that is none of the contract’s closes that port only', async () => {
  const channel = new MessageChannel();
  answerPort(beside, asElectronHandsIt(channel.port2), { user: 'ben', client: 'broken' });
  const closed = new Promise((resolve) => channel.port1.on('close', resolve));
  channel.port1.postMessage('{"not": "ours"');
  await closed;
  expect(await overPort.runs.list()).toEqual([]);
});
