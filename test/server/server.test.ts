import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Guard, LaunchUser } from '../../src/server/guard.ts';
import { startServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server.ts';
import { openService } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { opens, send, signIn } from './requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-server-'));
const service = openService(join(folder, 'workspace'));
let server: RunningServer;
let base: URL;
let cookie: string;
const get = (path: string, headers: OutgoingHttpHeaders = {}) => send(base, path, { headers });
const upgrades = (headers: Record<string, string>) => opens(base, headers);

beforeAll(async () => {
  const workspace = Workspace.open(join(folder, 'workspace'), { create: true });
  workspace.images.add({ width: 3, height: 2, pixels: Uint8Array.of(0, 50, 100, 150, 200, 250) });
  workspace.close();
  server = await startServer(service);
  base = new URL(server.address);
  cookie = await signIn(base);
});

afterAll(async () => {
  await server.close();
  await service.close();
  rmSync(folder, { recursive: true });
});

describe('signing in', () => {
  test('the token in the address becomes a cookie that no script reads and no other site sends', async () => {
    const { status, headers } = await get(base.pathname + base.search, { 'sec-fetch-site': 'none' });
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(headers['set-cookie']![0]).not.toContain(base.searchParams.get('token'));
  });

  test('where another site’s page leads here, or nobody knows, a page of this one goes on: the cookie does not go along before', async () => {
    const { search } = base;
    expect((await get(`/${search}`)).status).toBe(200);
    const { status, headers, body } = await get(`/${search}`, { 'sec-fetch-site': 'cross-site' });
    expect(status).toBe(200);
    expect(headers['set-cookie']).toHaveLength(1);
    expect(body.toString()).toContain('content="0; url=/"');
  });

  test('without cookie nothing is shown', async () => {
    expect((await get('/')).status).toBe(401);
    expect((await get('/media/1.png')).status).toBe(401);
  });

  test('a wrong token is refused', async () => {
    expect((await get('/?token=guess')).status).toBe(401);
  });
});

describe('requests that other pages can cause', () => {
  test('a foreign name for this machine is refused (DNS rebinding)', async () => {
    expect((await get('/', { cookie, host: `evil.example:${base.port}` })).status).toBe(403);
  });

  test('a foreign origin is refused even with the cookie', async () => {
    expect((await get('/', { cookie, origin: 'http://evil.example' })).status).toBe(403);
  });

  test('its own names are not refused, in whatever case, and without the port where that is every page’s', async () => {
    expect((await get('/', { cookie, host: `LocalHost:${base.port}` })).status).toBe(200);
    const guard = new Guard(new LaunchUser(), '127.0.0.1', 80);
    const asked = { method: 'GET', headers: { host: '127.0.0.1' } } as IncomingMessage;
    expect(guard.judge(asked, base)).not.toMatchObject({ refuse: 403 });
  });

  test('whoever hangs up in the middle of a WebSocket’s beginning ends nothing but that', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const socket = connect(Number(base.port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(
        `GET /x HTTP/1.1\r\nHost: ${base.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    expect((await get('/', { cookie })).status).toBe(200);
  });

  test('a WebSocket needs the cookie and its own origin', async () => {
    const origin = base.origin;
    expect(await upgrades({ cookie, origin })).toBe(true);
    expect(await upgrades({ origin })).toBe(false);
    expect(await upgrades({ cookie })).toBe(false);
    expect(await upgrades({ cookie, origin: 'http://evil.example' })).toBe(false);
  });
});

describe('what is served', () => {
  test('pictures as PNG, to be kept only under an address that names their content', async () => {
    const { status, headers, body } = await get('/media/1.png?abc', { cookie });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('image/png');
    expect(headers['cache-control']).toContain('immutable');
    const { default: sharp } = await import('sharp');
    const gray = await sharp(body).toColourspace('b-w').raw().toBuffer();
    expect([...gray]).toEqual([0, 50, 100, 150, 200, 250]);
    expect((await get('/media/1.png', { cookie })).headers['cache-control']).toBe('no-store');
  });

  test('the pictures of several images in one answer: a line each, empty for one that is not there', async () => {
    const { status, headers, body } = await get('/media/faces/1,99,1', { cookie });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const lines = body.toString().split('\n');
    const { body: alone } = await get('/media/1.png', { cookie });
    expect(lines).toEqual([alone.toString('base64'), '', alone.toString('base64')]);
  });

  test.each([
    '/media/99.png',
    '/media/faces/',
    '/media/faces/1,',
    `/media/faces/${Array(101).fill(1).join()}`,
    '/media/../fiducial.sqlite',
    '/../package.json',
    '/%2e%2e/package.json',
    '/.env',
  ])('%s is nothing', async (path) => {
    expect((await get(path, { cookie })).status).toBe(404);
  });

  test('every answer forbids scripts from elsewhere, framing and guessing of types', async () => {
    const { headers } = await get('/nothing', { cookie });
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('what is no address at all is refused, and the server goes on', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${base.port}//[`, {
      headers: { cookie, origin: base.origin },
    });
    await new Promise((resolve) => socket.on('error', resolve));
    expect((await get('//[', { cookie })).status).toBe(404);
  });

  test('the contract answers over the WebSocket; a message that is none of it closes only that socket', async () => {
    const { createORPCClient } = await import('@orpc/client');
    const { RPCLink } = await import('@orpc/client/websocket');
    const open = () =>
      new WebSocket(`ws://127.0.0.1:${base.port}/contract`, { headers: { cookie, origin: base.origin } });

    const broken = open();
    await new Promise((resolve) => broken.on('open', resolve));
    broken.send('{"not": "ours"');
    await new Promise((resolve) => broken.on('close', resolve));

    const websocket = open();
    const client = createORPCClient<typeof service.client>(
      new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }),
    );
    expect((await client.workspace.info()).images).toBe(1);
    websocket.close();
  });
});
