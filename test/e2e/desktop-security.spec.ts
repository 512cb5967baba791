/** What the page, or whatever got into it, tries in vain. */
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, noElectron, preload } from './desktop-app.ts';

test.skip(noElectron !== undefined, noElectron);

// One app for all of them: each leaves it as it was.
let home: string;
let app: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'fiducial-desktop-'));
  app = await launch(home, ['--workspace', join(home, 'faces')]);
  page = await app.firstWindow();
  await expect(page.getByText('No images yet')).toBeVisible({ timeout: 20_000 });
});
test.afterAll(async () => {
  await app.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test('the page knows nothing of Node, and of main only a handful of functions', async () => {
  const known = await page.evaluate(() => ({
    node: ['process', 'require', 'module', 'Buffer', 'global'].filter((name) => name in window),
    desktop: Object.values(window.desktop!).every((value) => typeof value === 'function'),
  }));
  expect(known).toEqual({ node: [], desktop: true });
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    (
      BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      }
    ).getLastWebPreferences(),
  );
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

test('it opens no window', async () => {
  const opened = await page.evaluate(() => [
    window.open('https://example.com/') === null,
    window.open('app://fiducial/', '_blank', 'nodeIntegration=yes') === null,
  ]);
  expect(opened).toEqual([true, true]);
  expect(app.windows()).toHaveLength(1);
});

test('it shows nothing foreign in a frame', async () => {
  await page.evaluate(() => {
    for (const source of ['https://example.com/', 'data:text/html,<p>hello', 'app://fiducial/']) {
      const frame = document.createElement('iframe');
      frame.src = source;
      document.body.append(frame);
    }
  });
  await page.waitForTimeout(300);
  for (const frame of page.frames().slice(1))
    expect(await frame.locator('body').innerText()).not.toContain('hello');
});

test('main answers the page only: not a foreign window, not a frame', async () => {
  const answer = await app.evaluate(async ({ BrowserWindow }, preload) => {
    const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await foreign.loadURL('about:blank');
    const said = (await foreign.webContents.executeJavaScript(
      'desktop.connect().then(() => "connected", (error) => error.message)',
    )) as string;
    foreign.destroy();
    return said;
  }, preload);
  expect(answer).toBe('Only the page of Fiducial is answered.');
});

test('its schemes hold nothing but the page and the pictures', async () => {
  const statuses = await page.evaluate(() =>
    Promise.all(
      [
        'media://w0/../../../../etc/passwd',
        'media://w0/..%2f..%2fetc%2fpasswd',
        'media://w0/fiducial.sqlite',
        'media://w9/1.png',
        'media://etc/passwd',
        '/../main/index.js',
        '/%2e%2e/main/index.js',
        '/..%2fmain%2findex.js',
        '/assets/../../package.json',
      ].map((address) => fetch(address).then(({ status }) => status)),
    ),
  );
  expect(statuses).toEqual(statuses.map(() => 404));
});

test('a script that gets into it does not run', async () => {
  const ran = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      violations.push(effectiveDirective),
    );
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const picture = document.createElement('div');
    picture.innerHTML = '<img src="/none.png" onerror="window.ran = true">';
    document.body.append(picture);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { ran: 'ran' in window, violations };
  });
  expect(ran.ran).toBe(false);
  expect(ran.violations).toContain('script-src-elem');
  expect(ran.violations).toContain('script-src-attr');
});

test('it reaches no network', async () => {
  const answers = await page.evaluate(() =>
    Promise.all(
      ['http://127.0.0.1:1/', 'https://example.com/', 'file:///etc/passwd'].map((address) =>
        fetch(address).then(
          () => 'answered',
          () => 'refused',
        ),
      ),
    ),
  );
  expect(answers).toEqual(['refused', 'refused', 'refused']);
});

test('it is permitted nothing', async () => {
  const asked = await page.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    place: await new Promise<number>((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve(0),
        ({ code }) => resolve(code),
      );
    }),
    camera: (await navigator.permissions.query({ name: 'camera' })).state,
  }));
  expect(asked).toEqual({ notifications: 'denied', place: 1, camera: 'denied' });
});

test('it cannot be led away', async () => {
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
  });
  await page.waitForTimeout(300);
  expect(page.url()).toMatch(/^app:\/\/fiducial\//);
  // Not by a locator, which would wait for the navigation that never comes to an end.
  expect(await page.evaluate(() => document.body.textContent)).toContain('No images yet');
});
