/** The contract behaves the same however the service is reached. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server.ts';
import type { Client } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-contract-'));
const archive = join(folder, 'faces.zip');

const inProcess = openService(join(folder, 'in-process'));
const served = openService(join(folder, 'served'));
let server: RunningServer;
let websocket: WebSocket;

beforeAll(async () => {
  await inProcess.client.sample.write({ out: archive });
  server = await startServer(served);
  const { origin } = new URL(server.address);
  const signIn = await fetch(server.address, { redirect: 'manual' });
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
  websocket = new WebSocket(`${origin.replace('http', 'ws')}/contract`, { headers: { cookie, origin } });
});

afterAll(async () => {
  websocket.close();
  await server.close();
  await Promise.all([inProcess.close(), served.close()]);
  rmSync(folder, { recursive: true });
});

const overWebSocket = () =>
  createORPCClient<Client>(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));

describe.each([
  ['in process', () => inProcess.client],
  ['over a WebSocket', overWebSocket],
])('%s', (_host, connect) => {
  test('input that is wrong arrives as an error with its details', async () => {
    await expect(connect().workspace.info()).rejects.toMatchObject({
      code: 'BAD_INPUT',
      defined: true,
      data: { hint: expect.any(String) as string },
    });
    const events = await connect().imports.run({ path: join(folder, 'none.zip') });
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'BAD_INPUT', defined: true });
  });

  test('an import tells its progress and ends with its report', async () => {
    const events = await Array.fromAsync(await connect().imports.run({ path: archive }));
    expect(events.at(-1)).toMatchObject({ type: 'done', report: { trainingImages: 240, testImages: 60 } });
    expect(events.slice(0, -1).every(({ type }) => type === 'progress')).toBe(true);
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

  test('a run that is not there is NOT_FOUND', async () => {
    await expect(connect().runs.get({ run: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND', defined: true });
    await expect(connect().runs.get({ run: 'latest' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('input of the wrong shape is refused', async () => {
    const shapeless = { offset: -1, limit: 1 };
    await expect(connect().images.page(shapeless)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
