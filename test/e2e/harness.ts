/** The real command and the real server on a workspace of the test's own, in whatever Chromium was found. */
import { test as base } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from './browser.ts';
import type { Served } from './server.ts';
import { startServer } from './server.ts';

const source = join(import.meta.dirname, '../../src');

interface TestFixtures {
  /** Serves a workspace until the test has ended, however it ends, to a person without settings. */
  readonly serve: (workspace: string) => Promise<Served>;
}

interface WorkerFixtures {
  readonly folder: string;
  /** A workspace with the drawn faces, imported by the command. */
  readonly faces: string;
}

const found = JSON.parse(process.env['FIDUCIAL_TEST_BROWSER'] ?? '{"problem":"none was looked for"}') as
  Browser | { problem: string };

// Playwright reads from the pattern which fixtures a fixture needs, and insists on one.
/* eslint-disable no-empty-pattern */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  serve: async ({ folder }, use) => {
    const servers: Served[] = [];
    const config = mkdtempSync(join(folder, 'config-'));
    await use(async (workspace) => {
      const server = await startServer(workspace, config);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.stop();
  },
  launchOptions: [async ({}, use) => use('problem' in found ? {} : { ...found }), { scope: 'worker' }],
  folder: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'fiducial-e2e-'));
      await use(folder);
      rmSync(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  faces: [
    async ({ folder }, use) => {
      const workspace = join(folder, 'faces');
      await fiducial('sample', join(folder, 'faces.zip'));
      await fiducial('import', join(folder, 'faces.zip'), '--workspace', workspace);
      await use(workspace);
    },
    { scope: 'worker' },
  ],
});
/* eslint-enable no-empty-pattern */

test.skip('problem' in found, 'No browser starts on this machine.');

export async function fiducial(...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(source, 'cli/main.ts'),
    ...parameters,
  ]);
  return stdout;
}
