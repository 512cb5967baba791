/** What the server has acknowledged outlives it, however it ends. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, nose, openScratch } from '../workspace/scratch.ts';

const program = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));

async function startServer(directory: string): Promise<{ server: ChildProcess; address: URL }> {
  const server = spawn(process.execPath, [program, '--workspace', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  let printed = '';
  for await (const part of server.stdout) {
    printed += String(part);
    const [address] = /http:\S+/.exec(printed) ?? [];
    if (address) return { server, address: new URL(address) };
  }
  throw new Error(`The server has ended: ${printed}`);
}

async function connect(address: URL): Promise<Client> {
  const signIn = await fetch(address, { redirect: 'manual' });
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
  const websocket = new WebSocket(`ws://${address.host}/contract`, {
    headers: { cookie, origin: address.origin },
  });
  websocket.on('error', () => undefined); // The server is killed.
  return createORPCClient<Client>(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
}

test('an edit that was acknowledged is there when the server is killed at once after', async () => {
  const prepared = openScratch();
  addPicture(prepared, 1);
  prepared.close();
  const { server, address } = await startServer(prepared.directory);
  const client = await connect(address);
  let before: { state: 'missing' } | { state: 'visible'; x: number; y: number } = { state: 'missing' };
  for (let edit = 1; edit <= 20; edit++) {
    const after = { state: 'visible', x: edit / 8, y: 1 } as const;
    await client.labels.apply({ changes: [{ imageId: 1, keypoint: nose, before, after }] });
    before = after;
  }
  server.kill('SIGKILL');
  await once(server, 'close');

  const workspace = Workspace.open(prepared.directory);
  expect(workspace.history.entries({ imageId: 1 })).toHaveLength(20);
  expect(workspace.labels.of(1)[nose]).toEqual({ state: 'visible', x: 2.5, y: 1 });
  expect(workspace.journal.rebuildFromJournal()).toEqual([]);
  workspace.close();
});
