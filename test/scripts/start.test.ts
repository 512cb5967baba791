/** `npm start`, as a person runs it. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'fiducial-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Once it is printed. */
  readonly address: Promise<URL>;
  readonly ended: Promise<number | null>;
}

/** @param clone the project's folder */
function start(parameters: readonly string[], env: Record<string, string> = {}, clone = root): Started {
  return run(process.execPath, [join(clone, 'scripts/start.mjs'), ...parameters], env);
}

function run(program: string, parameters: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(program, parameters, {
    cwd: root,
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', XDG_STATE_HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const address = new Promise<URL>((resolve, reject) => {
    const hear = (part: Buffer) => {
      said += part.toString();
      const [found] = /http:\S+(?=\n)/.exec(said) ?? [];
      if (found) resolve(new URL(found));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(`It ended without an address:\n${said}`)));
  });
  address.catch(() => undefined); // not every test waits for it
  return { child, said: () => said, address, ended };
}

async function pageOf(address: URL): Promise<{ page: string; log: string }> {
  const signIn = await fetch(address, { redirect: 'manual' });
  const headers = { cookie: signIn.headers.get('set-cookie')!.split(';')[0]! };
  const text = async (path: string) => (await fetch(new URL(path, address), { headers })).text();
  return { page: await text('/'), log: await text('/log') };
}

test('without a screen the app serves itself, shows its log there, and ends in order', async () => {
  const { child, address, ended } = start(['--workspace', join(folder, 'workspace')]);
  const { page, log } = await pageOf(await address);
  expect(page).toContain('<title>Fiducial</title>');
  expect(log).toContain('The server starts.');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test(
  'an empty clone installs what it needs, builds itself and serves the app',
  { timeout: 900_000 },
  async () => {
    const clone = join(folder, 'clone');
    const isMade = (path: string) =>
      /^(node_modules|out.*|\.git|\.bench|\.tfjs.*|test-results|pictures)$/.test(relative(root, path));
    cpSync(root, clone, { recursive: true, filter: (path) => !isMade(path) });
    const { child, said, address, ended } = start(['--workspace', join(folder, 'first')], {}, clone);
    expect((await pageOf(await address)).page).toContain('<title>Fiducial</title>');
    expect(said()).toContain('Installing packages');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  },
);

test('--web serves it where there is a screen too, on the port that is asked for', async () => {
  const busy = start(['--web', '--workspace', join(folder, 'workspace')], { DISPLAY: ':99' });
  const { port } = await busy.address;
  const second = start(['--port', port, '--workspace', join(folder, 'workspace')]);
  expect(await second.ended).toBe(2);
  expect(second.said()).toContain(`Port ${port} is taken by another program.`);
  busy.child.kill('SIGTERM');
  await busy.ended;
});

test.skipIf(process.platform === 'win32')('npm that is ended ends it, too', async () => {
  const { child, address, ended } = run('npm', ['start', '--', '--web', '--workspace', join(folder, 'npm')]);
  await pageOf(await address);
  child.kill('SIGTERM');
  await ended; // every process that held its output has ended
});

test('what is named to be opened in a browser is imported, and what is not there is said', async () => {
  const path = join(folder, 'none.zip');
  const { child, said, address, ended } = start(['--web', '--workspace', join(folder, 'named'), path]);
  await address;
  await expect.poll(said).toContain(path + ':');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('a port that is none is said to be none', async () => {
  const { said, ended } = start(['--port', 'http', '--workspace', join(folder, 'workspace')]);
  expect(await ended).toBe(2);
  expect(said()).toContain('A port is a number from 0 to 65535, not http.');
});

/** Stands in for Electron's program: only what start.mjs sees of it. */
function electron(name: string, code: string): Record<string, string> {
  const dist = join(folder, name);
  mkdirSync(dist);
  writeFileSync(join(dist, 'electron'), `#!${process.execPath}\n${code}`);
  chmodSync(join(dist, 'electron'), 0o755);
  return { ELECTRON_OVERRIDE_DIST_PATH: dist, DISPLAY: ':99' };
}

test('with a screen the window is opened on what was named, and its end is the end', async () => {
  const env = electron(
    'opens',
    `process.send('shown'); console.log('opened', ...process.argv.slice(3)); process.disconnect();`,
  );
  const { said, ended } = start(['--workspace', 'work', 'faces.zip'], env);
  expect(await ended).toBe(0);
  expect(said()).toContain('opened --workspace work faces.zip');
});

test('where Electron does not start, the app is shown in a browser', async () => {
  const { child, said, address, ended } = start([], {
    ...electron('fails', 'process.exit(1);'),
    FIDUCIAL_WORKSPACE: join(folder, 'workspace'),
    PATH: folder, // no browser is opened
  });
  expect((await pageOf(await address)).page).toContain('<title>Fiducial</title>');
  expect(said()).toContain('Electron does not start here');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('an option that there is not is said to be none', async () => {
  const { said, ended } = start(['--windo']);
  expect(await ended).toBe(2);
  expect(said()).toContain("Unknown option '--windo'");
});
