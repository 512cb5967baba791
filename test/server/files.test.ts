/** Files from a browser to the service and back. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Exchange, TooLarge } from '../../src/server/exchange.ts';
import type { RunningServer } from '../../src/server/server.ts';
import { startServer } from '../../src/server/server.ts';
import { refusePath } from '../../src/service/caller.ts';
import type { Client } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';
import { send, signIn } from './requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-files-'));
const service = openService(join(folder, 'workspace'));
let server: RunningServer;
let base: URL;
let headers: { cookie: string; origin: string };
let websocket: WebSocket;
let client: Client;

beforeAll(async () => {
  await service.client.sample.write({ out: join(folder, 'faces.zip') });
  server = await startServer(service);
  base = new URL(server.address);
  headers = { cookie: await signIn(base), origin: base.origin };
  websocket = new WebSocket(`ws://${base.host}/contract`, { headers });
  client = createORPCClient<Client>(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
});

afterAll(async () => {
  websocket.close();
  await server.close();
  await service.close();
  rmSync(folder, { recursive: true });
});

test('a browser sends an archive, imports it, and fetches the labels as a file', async () => {
  const body = readFileSync(join(folder, 'faces.zip'));
  const sent = await send(base, '/upload?name=my%20faces.zip', { method: 'POST', headers, body });
  expect(sent.status).toBe(200);
  const path = sent.body.toString().trim();
  expect(path).toMatch(/^upload:[0-9a-f-]{36}\/my faces\.zip$/);
  const events = await Array.fromAsync(await client.imports.run({ path }));
  expect(events.at(-1)).toMatchObject({ type: 'done', report: { trainingImages: 240 } });

  const place = `${crypto.randomUUID()}/training.csv`;
  const { bytes, rows } = await client.exports.trainingCsv({ out: `download:${place}` });
  expect(rows).toBe(240);
  const got = await send(base, `/download/${place}`, { headers });
  expect(got.status).toBe(200);
  expect(got.headers['content-disposition']).toBe("attachment; filename*=UTF-8''training.csv");
  expect(got.body).toHaveLength(bytes);
  expect(got.body.toString('latin1')).toMatch(/^left_eye_center_x,/);
  expect((await send(base, `/download/${place}`, { headers })).status).toBe(404); // it is kept for one fetch
});

describe('a file is not taken', () => {
  const upload = (changed: object, name = 'faces.zip') =>
    send(base, `/upload?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { ...headers, ...changed },
      body: 'PK',
    });

  test('from another page, from nowhere, or without the cookie', async () => {
    expect((await upload({ origin: 'http://evil.example' })).status).toBe(403);
    const { cookie } = headers;
    const fromNowhere = send(base, '/upload?name=a.zip', { method: 'POST', headers: { cookie }, body: 'PK' });
    expect((await fromNowhere).status).toBe(403);
    expect((await upload({ cookie: '' })).status).toBe(401);
  });

  test.each(['', '..', '../faces.zip', 'a/b.zip', 'a\\b.zip', '.hidden', 'x'.repeat(200)])(
    'under the name %j',
    async (name) => {
      expect((await upload({}, name)).status).toBe(400);
    },
  );

  test('when it is larger than the limit, and nothing of it is kept', async () => {
    const exchange = new Exchange();
    const taken = exchange.take('faces.zip', Readable.from([Buffer.alloc(600), Buffer.alloc(600)]), 1000);
    await expect(taken).rejects.toThrow(TooLarge);
    exchange.close();
  });
});

test('only POST /upload changes anything', async () => {
  expect((await send(base, '/', { method: 'POST', headers })).status).toBe(405);
  expect((await send(base, '/upload', { method: 'PUT', headers })).status).toBe(405);
});

test.each([
  '/download/',
  '/download/../users.json',
  '/download/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/download/%zz',
])('%s is no download', async (path) => {
  expect((await send(base, path, { headers })).status).toBe(404);
});

describe('paths of whoever is not at this machine', () => {
  const exchange = new Exchange();
  afterAll(() => exchange.close());
  const { readable, writable } = exchange.files(refusePath);

  test.each([
    '/etc/passwd',
    'faces.zip',
    'upload:../../etc/passwd',
    `upload:${crypto.randomUUID()}/../../passwd`,
    `download:${crypto.randomUUID()}/training.csv`,
  ])('%s cannot be read', (path) => {
    expect(() => readable(path)).toThrow('Files of the server cannot be named from here.');
  });

  test.each([
    '/tmp/x.csv',
    `upload:${crypto.randomUUID()}/x.csv`,
    `download:${crypto.randomUUID()}/../x.csv`,
  ])('%s cannot be written', (path) => {
    expect(() => writable(path)).toThrow('Files of the server cannot be named from here.');
  });
});
