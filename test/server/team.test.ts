/** A workspace that a team shares on a local network: named users, each with a token of their own. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RunningServer } from '../../src/server/server.ts';
import { startServer } from '../../src/server/server.ts';
import type { Client } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';
import { Team } from '../../src/service/team.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { opens, send, signIn } from './requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-team-'));
const service = openService(folder);
const team = new Team(folder);
const tokens = { ann: team.add('Ann'), ben: team.add('Ben') };
let server: RunningServer;
let base: URL;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  const workspace = Workspace.open(folder, { create: true });
  workspace.images.add({ width: 3, height: 2, pixels: Uint8Array.of(0, 50, 100, 150, 200, 250) });
  workspace.close();
  server = await startServer(service, { team: { members: team, listen: '0.0.0.0' } });
  base = new URL(`http://127.0.0.1:${new URL(server.address).port}/`);
});

afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.close();
  await service.close();
  rmSync(folder, { recursive: true });
});

const cookieOf = (token: string) => signIn(new URL(`/?token=${token}`, base));

async function open(token: string): Promise<Client> {
  const headers = { cookie: await cookieOf(token), origin: base.origin };
  const websocket = new WebSocket(`ws://${base.host}/contract`, { headers });
  sockets.push(websocket);
  return createORPCClient<Client>(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
}

describe('users', () => {
  test('tokens are kept as hashes, in a file that only its owner reads', () => {
    const file = join(folder, 'users.json');
    expect(readFileSync(file, 'utf8')).toContain('"name": "Ann"');
    expect(readFileSync(file, 'utf8')).not.toContain(tokens.ann);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test.each(['', ' ', ' Ann', '../x', 'a\nb', 'x'.repeat(41)])('%j is no name', (name) => {
    expect(() => team.add(name)).toThrow('cannot be a user’s name');
  });

  test.each(['प्रिया', 'จุ๋ม', 'José Luis', 'x'])('%j is one', (name) => {
    expect(team.userOf(team.add(name))).toBe(name);
    team.remove(name);
  });

  test('a name is given once, whatever its case', () => {
    expect(() => team.add('ANN')).toThrow('There is a user Ann already.');
  });
});

describe('signing in', () => {
  test('with one’s own token only; the address that is printed holds none, and is one that others can open', async () => {
    expect(server.address).not.toContain('token');
    expect(server.address).not.toContain('0.0.0.0');
    expect((await send(base, '/')).status).toBe(401);
    expect((await send(base, '/?token=guess')).status).toBe(401);
    expect(await opens(base, { origin: base.origin })).toBe(false);
    expect(await opens(base, { cookie: await cookieOf(tokens.ann), origin: base.origin })).toBe(true);
  });

  test('by any address of this machine, and by no other name', async () => {
    const cookie = await cookieOf(tokens.ann);
    const addresses = Object.values(networkInterfaces()).flatMap((of = []) => of);
    const { address } = addresses.find(({ family }) => family === 'IPv4')!;
    const status = async (host: string) => (await send(base, '/', { headers: { host, cookie } })).status;
    expect(await status(`${address}:${base.port}`)).toBe(200);
    expect(await status(`evil.example:${base.port}`)).toBe(403);
  });

  test('no more once the user is removed, not with an open page either', async () => {
    const token = team.add('Cleo');
    const cookie = await cookieOf(token);
    expect((await send(base, '/', { headers: { cookie } })).status).toBe(200);
    const page = await open(token);
    await page.workspace.outline();
    team.remove('Cleo');
    await expect(page.workspace.outline()).rejects.toThrow();
    expect((await send(base, '/', { headers: { cookie } })).status).toBe(403);
    expect((await send(base, `/?token=${token}`)).status).toBe(401);
  });

  test('no more with an old token once the user has another one', async () => {
    const old = await cookieOf(team.add('Dan'));
    team.remove('Dan');
    const fresh = await cookieOf(team.add('Dan'));
    const status = async (cookie: string) => (await send(base, '/', { headers: { cookie } })).status;
    expect([await status(old), await status(fresh)]).toEqual([403, 200]);
    expect(await opens(base, { cookie: old, origin: base.origin })).toBe(false);
    team.remove('Dan');
  });

  test('a user who is removed hears nothing more of what others do', async () => {
    const [ann, page] = [await open(tokens.ann), await open(team.add('Eve'))];
    const changes = await page.changes();
    await changes.next();
    team.remove('Eve');
    await ann.labels.apply({
      changes: [{ imageId: 1, keypoint: 5, before: { state: 'missing' }, after: { state: 'absent' } }],
    });
    await expect(changes.next()).rejects.toThrow();
  });
});

test('a label carries its author, and the other sees it at once', async () => {
  const [ann, ben] = [await open(tokens.ann), await open(tokens.ben)];
  const changes = await ben.changes();
  expect((await changes.next()).value).toMatchObject({ type: 'watching', user: 'Ben' });
  const place = {
    imageId: 1,
    keypoint: 0,
    before: { state: 'missing' },
    after: { state: 'visible', x: 1, y: 1 },
  };
  await ann.labels.apply({ changes: [place as never] });
  expect((await changes.next()).value).toMatchObject({
    type: 'labels',
    user: 'Ann',
    cells: [{ imageId: 1 }],
  });
  await changes.return?.();
  const [entry] = await ben.labels.history({ imageId: 1 });
  expect(entry).toMatchObject({ actor: { kind: 'human', name: 'Ann' } });

  const late = ben.labels.apply({ changes: [place as never] });
  await expect(late).resolves.toMatchObject({ changeId: null }); // the same place: nothing is overwritten
  const other = ben.labels.apply({ changes: [{ ...place, after: { state: 'absent' } } as never] });
  await expect(other).rejects.toMatchObject({ code: 'LABEL_CONFLICT' });
});

test.each<[string, (client: Client) => Promise<unknown>]>([
  ['import', async (client) => Array.fromAsync(await client.imports.run({ path: folder }))],
  ['sample', (client) => client.sample.write({ out: '/tmp/faces.zip' })],
  ['training.csv', (client) => client.exports.trainingCsv({ out: '/tmp/training.csv' })],
  ['a spec', (client) => client.runs.start({ spec: '/etc/passwd' })],
  ['a recipe', (client) => client.runs.start({ recipe: '/etc/passwd' })],
])('no path of the server can be named: %s', async (_what, ask) => {
  const asked = ask(await open(tokens.ann));
  await expect(asked).rejects.toMatchObject({ code: 'BAD_INPUT', message: /cannot be named from here/ });
});
