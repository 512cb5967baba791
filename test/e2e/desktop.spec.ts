/** The desktop app: windows, menus, the service's process, and that nothing is lost. */
import type { Page } from '@playwright/test';
import { expect as base } from '@playwright/test';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, noElectron, oldElectron, runToItsEnd, servicePid, test } from './desktop-app.ts';
import { fiducial } from './harness.ts';

test.skip(noElectron !== undefined, noElectron);

/** A window and two processes take their time to start on a machine that does other things too. */
const expect = base.configure({ timeout: 20_000 });

// Drawn and imported once; each test has a copy.
let original: string;
test.beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'fiducial-faces-'));
  await fiducial('sample', join(original, 'faces.zip'));
  await fiducial('import', join(original, 'faces.zip'), '--workspace', join(original, 'faces'));
});
test.afterAll(() => rmSync(original, { recursive: true }));
test.beforeEach(({ home }) => cpSync(original, home, { recursive: true }));

const shows300 = (page: Page) =>
  expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('300 images');

test('an archive that the app is started with is imported; a point placed is there after a restart, in the workspace shown last, in a window of the same size', async ({
  home,
  start,
}) => {
  const stage = (page: Page) => page.getByRole('application');
  const label = async (page: Page, query: string) => {
    await page.evaluate((hash) => (location.hash = hash), `#/label?${query}`);
    await expect(stage(page)).toHaveAccessibleName(/^Image \d+\./);
    await expect(stage(page)).toHaveAttribute('aria-busy', 'false');
  };
  const first = await start('--workspace', join(home, 'new'), join(home, 'faces.zip'));
  await expect(first.page.getByText('Imported 240 training images and 60 test images')).toBeVisible();
  await label(
    first.page,
    'kind=training&keypoint=left_eye_inner_corner&state=missing&loop=left_eye_inner_corner',
  );
  const [, image] = /^Image (\d+)\./.exec((await stage(first.page).getAttribute('aria-label'))!)!;
  await stage(first.page).click();
  await expect(stage(first.page)).not.toHaveAccessibleName(new RegExp(`^Image ${image}\\.`));
  await expect(first.page.getByRole('contentinfo', { name: 'Status' })).toContainText('saved');
  await first.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 20, y: 30, width: 1100, height: 710 });
  });
  await first.app.close();

  const { app, page } = await start();
  await shows300(page);
  await label(page, `image=${image}`);
  await expect(page.getByRole('button', { name: /^left eye inner corner: visible at/ })).toBeVisible();
  const { width, height } = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.getBounds(),
  );
  expect({ width, height }).toEqual({ width: 1100, height: 710 });
});

test('pictures come over media://, and may be looked at', async ({ home, start }) => {
  const { page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  await page.evaluate(() => (location.hash = '#/dataset'));
  await expect(page.getByRole('gridcell').first().locator('img')).toHaveJSProperty('naturalWidth', 96);
  const size = await page.evaluate(async () => {
    const picture = new Image();
    picture.crossOrigin = 'anonymous';
    picture.src = 'media://w0/1.png?abc';
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data.length;
  });
  expect(size).toBe(96 * 96 * 4);
});

test('the service is killed: the page says so, gets another, and what was acknowledged is there', async ({
  home,
  start,
}) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  const place = { imageId: 1, keypoint: 0 };
  const [{ labels }] = (await ask(page, 'images/get', { ids: [1] })) as [{ labels: object[] }];
  const change = { ...place, before: labels[0], after: { state: 'absent' } };
  await ask(page, 'labels/apply', { changes: [change] });
  const killed = servicePid(app);
  const banner = page.getByRole('alert').waitFor();
  process.kill(killed, 'SIGKILL');
  await banner;
  await expect(page.getByRole('alert')).toBeHidden();
  expect(servicePid(app)).not.toBe(killed);
  const [again] = (await ask(page, 'images/get', { ids: [1] })) as [{ labels: object[] }];
  expect(again.labels[0]).toEqual({ state: 'absent' });
});

test('main is killed: what was acknowledged is there at the next start', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  const [{ labels }] = (await ask(page, 'images/get', { ids: [1] })) as [{ labels: object[] }];
  const change = { imageId: 1, keypoint: 0, before: labels[0], after: { state: 'absent' } };
  await ask(page, 'labels/apply', { changes: [change] });
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  app.process().kill('SIGKILL');
  await ended;
  const again = await start();
  await shows300(again.page);
  const [image] = (await ask(again.page, 'images/get', { ids: [1] })) as [{ labels: object[] }];
  expect(image.labels[0]).toEqual({ state: 'absent' });
});

/** Drags a file or folder into the middle of the window and drops it, as the system does. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const [x, y] = await page.evaluate(() => [innerWidth / 2, innerHeight / 2]);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: x!, y: y!, data });
  await session.detach();
}

test('an archive that is dropped is imported, a workspace opened', async ({ home, start }) => {
  test.skip(oldElectron, 'The old Electron has no webUtils, which says where a dropped file lies.');
  const { page } = await start('--workspace', join(home, 'other'));
  await expect(page.getByText('No images yet')).toBeVisible();
  await drop(page, join(home, 'faces.zip'));
  await expect(page.getByText('Imported 240 training images and 60 test images')).toBeVisible();
  await drop(page, join(home, 'faces'));
  await expect(page.getByRole('heading', { name: 'faces' })).toBeVisible();
});

test('the native dialogs choose an archive to import and a workspace to open', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'other'));
  await expect(page.getByText('No images yet')).toBeVisible();
  /** The person takes this one; a dialog of the system cannot be clicked on. */
  const choose = (path: string) =>
    app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, path);
  await choose(join(home, 'faces.zip'));
  await page.getByRole('button', { name: 'Choose an archive…' }).click();
  await expect(page.getByText('Imported 240 training images and 60 test images')).toBeVisible();
  await choose(join(home, 'faces'));
  await page.getByRole('button', { name: 'Open a workspace…' }).click();
  await expect(page.getByRole('heading', { name: 'faces' })).toBeVisible();
});

test('a service that does not stay up is given up, with the reason', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  let killed = 0;
  for (let i = 0; i < 3; i++) {
    // Another one than before is there, and answers.
    await expect
      .poll(() =>
        ask(page, 'workspace/info', undefined).then(
          () => servicePid(app) !== killed,
          () => false,
        ),
      )
      .toBe(true);
    killed = servicePid(app);
    process.kill(killed, 'SIGKILL');
  }
  await expect(page.getByText('has ended 3 times within a minute')).toBeVisible();
});

test('a window that is closed while a run trains asks once; without a window it goes on or stops at a checkpoint', async ({
  home,
  start,
}) => {
  test.skip(
    oldElectron,
    'During a training the main process of the old Electron may crash in its own V8 (BackingStore).',
  );
  const workspace = join(home, 'faces');
  const { app, page } = await start('--workspace', workspace);
  await shows300(page);
  const small = {
    preset: 'mlp',
    spec: { layers: [{ type: 'flatten' }, { type: 'dense', units: 4 }] },
    engine: 'onnx',
  };
  await ask(page, 'runs/start', { ...small, epochs: 100_000 });
  const statuses = async (page: Page) =>
    ((await ask(page, 'runs/list', undefined)) as { status: string }[]).map(({ status }) => status);
  await expect.poll(() => statuses(page)).toEqual(['running']);

  /** Closes the window with an answer to the question, and says how often it was asked. */
  const close = (answer: number) =>
    app.evaluate(async ({ BrowserWindow, dialog }, response) => {
      let asked = 0;
      dialog.showMessageBox = () => {
        asked++;
        return Promise.resolve({ response, checkboxChecked: false });
      };
      BrowserWindow.getAllWindows()[0]!.close();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { asked, windows: BrowserWindow.getAllWindows().length };
    }, answer);
  expect(await close(2)).toEqual({ asked: 1, windows: 1 });
  expect(await close(0)).toEqual({ asked: 1, windows: 0 });

  // Started once more, it shows what has gone on meanwhile.
  const opened = app.waitForEvent('window');
  await app.evaluate(({ app: electron }) => void electron.emit('activate'));
  const again = await opened;
  await shows300(again);
  expect(await statuses(again)).toEqual(['running']);
  const ended = app.waitForEvent('close');
  await close(1).catch(() => undefined); // the app may end before it answers
  await ended;
  const runs = JSON.parse(await fiducial('runs', '--json', '--workspace', workspace)) as { status: string }[];
  expect(runs.map(({ status }) => status)).toEqual(['stopped']);
});

test('a training runs beside the service, to its end, and its log is kept', async ({ home, start }) => {
  test.skip(
    oldElectron,
    'During a training the main process of the old Electron may crash in its own V8 (BackingStore).',
  );
  const { page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  const run = (await ask(page, 'runs/start', { preset: 'mlp', epochs: 1 })) as { directory: string };
  const status = async () => ((await ask(page, 'runs/get', { run: 'latest' })) as { status: string }).status;
  await expect.poll(status, { timeout: 40_000 }).toBe('finished');
  expect(existsSync(join(run.directory, 'log'))).toBe(true);
});

test('a page that is reloaded gets a port of its own again', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.reload());
  await shows300(page);
});

test('a second start opens what it was given in the first, and ends', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'other'));
  await expect(page.getByText('No images yet')).toBeVisible();
  expect(await runToItsEnd(home, join(home, 'faces'))).toBe(0);
  await shows300(page);
  expect(app.windows()).toHaveLength(1);
});

test('the native menu holds the page’s commands with their shortcuts, and runs them there', async ({
  home,
  start,
}) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await shows300(page);
  const item = await app.evaluate(({ Menu }) => {
    const command = Menu.getApplicationMenu()!.getMenuItemById('frame.dataset')!;
    const { label, accelerator } = command;
    command.click();
    return { label, accelerator };
  });
  expect(item).toEqual({ label: 'Dataset', accelerator: 'CommandOrControl+2' });
  await expect.poll(() => page.url()).toContain('#/dataset');
});

test('the menu names the workspaces shown lately and opens them', async ({ home, start }) => {
  await (await start('--workspace', join(home, 'faces'))).app.close();
  const { app, page } = await start('--workspace', join(home, 'other'));
  await expect(page.getByText('No images yet')).toBeVisible();
  const recent = await app.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()!.items.find(({ label }) => label === 'File')!;
    const menu = file.submenu!.items.find(({ label }) => label === 'Recent Workspaces')!;
    const labels = menu.submenu!.items.map(({ label }) => label);
    menu.submenu!.items[1]!.click();
    return labels;
  });
  expect(recent).toEqual([`other  ${join(home, 'other')}`, `faces  ${join(home, 'faces')}`]);
  await shows300(page);
});
