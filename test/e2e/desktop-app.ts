/** The desktop app in a real window, with folders of the test's own. */
import type { ElectronApplication, Page } from '@playwright/test';
import { _electron, test as base } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Electron } from './electron.ts';

const found = JSON.parse(process.env['FIDUCIAL_TEST_ELECTRON'] ?? '{"problem":"none was looked for"}') as
  Electron | { problem: string };

export const noElectron = 'problem' in found ? `The desktop app is not tested: ${found.problem}.` : undefined;

/** What the tests start stands in for the project's own Electron. */
export const oldElectron = !('problem' in found) && found.old;

export const preload = 'problem' in found ? '' : join(found.built, 'preload/index.cjs');

interface Running {
  readonly app: ElectronApplication;
  readonly page: Page;
}

interface Fixtures {
  /** What the app takes for the person's home; the same for every start within one test. */
  readonly home: string;
  /** Starts the app with these arguments; it ends with the test, however that ends. */
  readonly start: (...parameters: string[]) => Promise<Running>;
}

// Playwright reads from the pattern which fixtures a fixture needs, and insists on one.
/* eslint-disable no-empty-pattern */
export const test = base.extend<Fixtures>({
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'fiducial-desktop-'));
    await use(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },
  start: async ({ home }, use) => {
    const apps: ElectronApplication[] = [];
    await use(async (...parameters) => {
      const app = await launch(home, parameters);
      apps.push(app);
      return { app, page: await app.firstWindow() };
    });
    for (const app of apps) await app.close().catch(() => undefined); // the test has ended it
  },
});
/* eslint-enable no-empty-pattern */

export function launch(home: string, parameters: readonly string[]): Promise<ElectronApplication> {
  const { executablePath, args } = found as Electron;
  return _electron.launch({ executablePath, args: [...args, ...parameters], env: environment(home) });
}

/**
 * Starts the app without Playwright, which fails where an app ends before it is connected.
 *
 * @returns the exit code, as soon as the app has ended
 */
export async function runToItsEnd(home: string, ...parameters: string[]): Promise<number | null> {
  const { executablePath, args } = found as Electron;
  const started = spawn(executablePath, ['--no-sandbox', ...args, ...parameters], {
    env: environment(home),
    stdio: 'ignore',
  });
  const [code] = (await once(started, 'exit')) as [number | null];
  return code;
}

function environment(home: string): Record<string, string> {
  return {
    ...(process.env as Record<string, string>),
    ...(found as Electron).env,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    FIDUCIAL_WORKSPACE: '',
  };
}

/** The service's process below the app's. */
export function servicePid(app: ElectronApplication): number {
  const processes = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args: args! }));
  const isBelow = (pid: number, above: number): boolean =>
    pid === above ||
    processes.some((one) => one.pid === pid && one.parent !== pid && isBelow(one.parent, above));
  const service = processes.find(
    ({ pid, args }) => args.includes('service/main.js') && isBelow(pid, app.process().pid!),
  );
  if (!service) throw new Error('There is no service process.');
  return service.pid;
}

/** Asks a procedure over a port of its own, as the page's own client does. */
export function ask(page: Page, procedure: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    async ([url, json]) => {
      const arrival = new Promise<MessagePort>((resolve) => {
        window.addEventListener('message', function take({ ports }) {
          if (!ports[0]) return;
          window.removeEventListener('message', take);
          resolve(ports[0]);
        });
      });
      await window.desktop!.connect();
      const port = await arrival;
      return new Promise((resolve, reject) => {
        port.addEventListener('close', () => reject(new Error('The service has gone.')));
        port.addEventListener('message', ({ data }: MessageEvent<string>) => {
          const { s: status, b } = (JSON.parse(data) as { p: { s?: number; b: { json: unknown } } }).p;
          if (status === undefined) resolve(b.json);
          else reject(new Error(JSON.stringify(b.json)));
          port.close();
        });
        port.start();
        port.postMessage(JSON.stringify({ i: '1', p: { u: url, b: { json } } }));
      });
    },
    [`/${procedure}`, input] as const,
  );
}
