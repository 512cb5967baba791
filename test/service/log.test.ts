import Sqlite from 'better-sqlite3';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from '../../src/service/log.ts';
import type { Client, Service } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fiducial-log-'));
  file = join(folder, 'logs', 'service.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = () =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : [];

function connect(service: Service): { client: Client; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const line = service.connect({ user: 'ann', client: 'page' }, (message) => port2.postMessage(message));
  port2.on('message', (message: string) => void line.receive(message));
  return { client: createORPCClient<Client>(new RPCLink({ port: port1 })), close: () => port1.close() };
}

test('an error that nobody has foreseen is written down with its stack; one that the contract knows is not', async () => {
  const directory = join(folder, 'workspace');
  Workspace.open(directory, { create: true }).close();
  const database = new Sqlite(join(directory, 'fiducial.sqlite'));
  database.exec('PRAGMA foreign_keys = OFF; DROP TABLE run');
  database.close();

  const service = openService(directory, { log: openLog(file) });
  const { client, close } = connect(service);
  await expect(client.workspaces.open({ directory: join(folder, 'none') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(client.runs.list()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toMatchObject({
    procedure: 'runs.list',
    err: { message: expect.stringContaining('no such table') as string, stack: expect.any(String) as string },
  });
  close();
  await service.close();
});

test('a log that has grown large is put aside', () => {
  openLog(file).info('before');
  writeFileSync(file, `${'x'.repeat(6_000_000)}\n`, { flag: 'a' });
  openLog(file).info('after');
  expect(lines().map(({ msg }) => msg)).toEqual(['after']);
  expect(readFileSync(`${file}.old`, 'utf8')).toContain('before');
});
