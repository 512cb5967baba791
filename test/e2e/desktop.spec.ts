/** The desktop app: windows, menus, the service's process, and that nothing is lost. */
import { expect as base } from '@playwright/test';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, launch, noElectron, servicePid, test } from './desktop-app.ts';
import { fiducial } from './harness.ts';

test.skip(noElectron !== undefined, noElectron);

test.describe.configure({ timeout: 60_000 });
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

const place = { imageId: 1, keypoint: 0 };
const absent = { state: 'absent' };

async function labelAbsent(page: Parameters<typeof ask>[0]): Promise<void> {
  const [image] = (await ask(page, 'images/get', { ids: [1] })) as { labels: object[] }[];
  await ask(page, 'labels/apply', { changes: [{ ...place, before: image!.labels[0], after: absent }] });
}

async function firstLabel(page: Parameters<typeof ask>[0]): Promise<object> {
  const [image] = (await ask(page, 'images/get', { ids: [1] })) as { labels: object[] }[];
  return image!.labels[0]!;
}

test('a label is there after a restart, in the workspace shown last, in a window of the same size', async ({
  home,
  start,
}) => {
  const first = await start('--workspace', join(home, 'faces'));
  await expect(first.page.getByText('300', { exact: true }).first()).toBeVisible();
  await labelAbsent(first.page);
  await first.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 20, y: 30, width: 1100, height: 710 });
  });
  await first.app.close();

  const { app, page } = await start();
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
  expect(await firstLabel(page)).toEqual(absent);
  const { width, height } = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.getBounds(),
  );
  expect({ width, height }).toEqual({ width: 1100, height: 710 });
});

test('pictures come over media://, and may be looked at', async ({ home, start }) => {
  const { page } = await start('--workspace', join(home, 'faces'));
  await ask(page, 'workspace/info', undefined);
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
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
  await labelAbsent(page);
  const killed = servicePid(app);
  const banner = page.getByRole('alert').waitFor();
  process.kill(killed, 'SIGKILL');
  await banner;
  await expect(page.getByRole('alert')).toBeHidden();
  expect(servicePid(app)).not.toBe(killed);
  expect(await firstLabel(page)).toEqual(absent);
});

test('a service that does not stay up is given up, with the reason', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  for (let i = 0; i < 3; i++) {
    await expect
      .poll(() =>
        ask(page, 'workspace/info', undefined).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    process.kill(servicePid(app), 'SIGKILL');
  }
  await expect(page.getByText('has ended 3 times within a minute')).toBeVisible();
});

test('a page that is reloaded gets a port of its own again', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.reload());
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
});

test('a second start opens what it was given in the first, and ends', async ({ home, start }) => {
  const { app, page } = await start('--workspace', join(home, 'other'));
  await expect(page.getByText('No images yet')).toBeVisible();
  const second = await launch(home, [join(home, 'faces')]).catch(() => undefined); // it ends before Playwright is connected
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
  expect(app.windows()).toHaveLength(1);
  await second?.close().catch(() => undefined);
});

test('the native menu holds the page’s commands with their shortcuts, and runs them there', async ({
  home,
  start,
}) => {
  const { app, page } = await start('--workspace', join(home, 'faces'));
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
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
  await expect(page.getByText('300', { exact: true }).first()).toBeVisible();
});
