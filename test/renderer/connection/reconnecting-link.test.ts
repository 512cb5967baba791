import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import type { Connect } from '../../../src/renderer/connection/reconnecting-link.ts';
import { ConnectionRefused, ReconnectingLink } from '../../../src/renderer/connection/reconnecting-link.ts';
import type { Client } from '../../../src/service/service.ts';
import { openService } from '../../../src/service/service.ts';

const waits = { first: 5, longest: 20, patience: 150 };
const folder = mkdtempSync(join(tmpdir(), 'fiducial-link-'));
const service = openService(join(folder, 'workspace'));

/** Ports to the service, as in the desktop app, while the test lasts. */
let line: ReturnType<typeof openLine>;
beforeEach(() => {
  line = openLine();
});
afterEach(() => line.end());
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

function openLine() {
  let ended = false;
  let port: MessagePort | undefined;
  const connect: Connect = (onLost) => {
    if (ended) return new Promise(() => undefined);
    const { port1, port2 } = new MessageChannel();
    const answers = service.connect({ user: 'ann', client: 'page' }, (message) => port2.postMessage(message));
    port2.on('message', (message: string) => void answers.receive(message));
    port2.on('close', () => answers.close());
    port1.on('close', onLost);
    port = port2;
    return Promise.resolve(new RPCLink({ port: port1 }));
  };
  return {
    connect,
    /** As when the service crashes. */
    break: () => port?.close(),
    end() {
      ended = true;
      port?.close();
    },
  };
}

function open(by: Connect) {
  const link = new ReconnectingLink(by, waits);
  return { link, client: createORPCClient<Client>(link) };
}

const become = (link: ReconnectingLink, status: string) =>
  expect.poll(() => link.status, { interval: 1 }).toBe(status);

test('what is asked before there is a connection waits for it', async () => {
  const { link, client } = open(line.connect);
  expect(link.status).toBe('connecting');
  await expect(client.runs.list()).rejects.toMatchObject({ code: 'NOT_FOUND' }); // there is no workspace yet
  expect(link.status).toBe('connected');
});

test('what is under way when the connection breaks throws ConnectionLost', async () => {
  const { client } = open(line.connect);
  await client.sample.write({ out: join(folder, 'faces.zip') });
  const all = Array.fromAsync(await client.imports.run({ path: join(folder, 'faces.zip') }));
  const call = client.sample.write({ out: join(folder, 'more.zip') });
  line.break();
  await expect(call).rejects.toMatchObject({ name: 'ConnectionLost' });
  await expect(all).rejects.toMatchObject({ name: 'ConnectionLost' });
});

test('after a break it comes back by itself, and what is asked meanwhile waits', async () => {
  const { link, client } = open(line.connect);
  await become(link, 'connected');
  const seen: string[] = [];
  const askedMeanwhile = new Promise((resolve, reject) => {
    link.onStatus(() => {
      seen.push(link.status);
      if (link.status === 'reconnecting')
        client.sample.write({ out: join(folder, 'again.zip') }).then(resolve, reject);
    });
  });
  line.break();
  expect(await askedMeanwhile).toMatchObject({ path: join(folder, 'again.zip') });
  expect(seen).toEqual(['reconnecting', 'connected']);
});

test('a caller that gives up while it waits is let go', async () => {
  const { client } = open(() => new Promise(() => undefined));
  const answer = client.runs.list(undefined, { signal: AbortSignal.timeout(20) });
  await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('where nobody answers for long it is gone, and back when somebody does', async () => {
  let there = false;
  const { link, client } = open((onLost) =>
    there ? line.connect(onLost) : Promise.reject(new Error('Nobody answers.')),
  );
  const waiting = client.runs.list();
  await expect(waiting).rejects.toMatchObject({ name: 'ConnectionLost' });
  expect(link.status).toBe('gone');
  await expect(client.runs.list()).rejects.toMatchObject({ name: 'ConnectionLost' });
  there = true;
  await become(link, 'connected');
});

test('a refusal is final at once, with its reason', async () => {
  const { link } = open(() => Promise.reject(new ConnectionRefused('Another launch.')));
  await become(link, 'gone');
  expect(link.reason).toBe('Another launch.');
});
