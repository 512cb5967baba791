/** The label editor in a real browser, on the real server and its database. */
import AxeBuilder from '@axe-core/playwright';
import { chromium, expect, type Page } from '@playwright/test';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from '../../src/domain/label.ts';
import { face15 } from '../../src/domain/schema.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { connectClient } from './client.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

const stage = (page: Page) => page.getByRole('application');
const status = (page: Page) => page.getByRole('contentinfo', { name: 'Status' });
/** A keypoint's line in the panel; a warning about it is a button with its name too. */
const point = (page: Page, name: string) =>
  page.locator('button.line').and(page.getByRole('button', { name: new RegExp(`^${name}: `) }));
/** What the panel calls a placed point once it is in the database. */
const storedPoint = /: visible at (?!.*not saved)/;

let copies = 0;

/** A workspace of the test's own. */
function copyOf(workspace: string): string {
  const copy = `${workspace}-${++copies}`;
  cpSync(workspace, copy, { recursive: true });
  return copy;
}

/** Makes a keypoint missing in the first images, all of which have it. */
function leaveOut(directory: string, keypoint: number, images: number): void {
  const workspace = Workspace.open(directory);
  const actor = { kind: 'import', name: '1' } as const;
  const changes = Array.from({ length: images }, (_, i) => ({ imageId: i + 1, keypoint, after: missing }));
  workspace.journal.apply({ actor, changes });
  workspace.close();
}

/** Opens the label screen. @param query what it shall work at, e.g. `loop=nose_tip` */
async function label(page: Page, served: Served, query = ''): Promise<void> {
  await page.goto(served.address);
  await page.goto(`${new URL(served.address).origin}/#/label${query && `?${query}`}`);
  await expect(stage(page)).toHaveAccessibleName(/^Image \d+\./);
  await expect(stage(page)).toHaveAttribute('aria-busy', 'false');
}

async function imageShown(page: Page): Promise<number> {
  return Number(/^Image (\d+)\./.exec((await stage(page).getAttribute('aria-label')) ?? '')![1]);
}

/** Clicks in the stage, in pixels from the middle. */
async function clickAt(page: Page, x: number, y: number): Promise<void> {
  const box = (await stage(page).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2 + x, box.y + box.height / 2 + y);
}

/** Rows of a training table by number, split into fields. */
async function exported(workspace: string): Promise<string[][]> {
  const out = `${workspace}.csv`;
  await fiducial('export', 'training-csv', '--workspace', workspace, '--out', out);
  return readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

test('twenty left eye centres filled in loop mode, less the three that were undone, are in the exported table', async ({
  faces,
  page,
  serve,
}) => {
  const workspace = copyOf(faces);
  leaveOut(workspace, face15.keypoints.indexOf('left_eye_center'), 24);
  const before = await exported(workspace);
  const served = await serve(workspace);
  await label(page, served, 'kind=training&keypoint=left_eye_center&state=missing&loop=left_eye_center');

  const filled: number[] = [];
  for (let i = 0; i < 20; i++) {
    const image = await imageShown(page);
    filled.push(image);
    await clickAt(page, 10 + 3 * i, -200 - i); // on no other point
    await expect(stage(page)).not.toHaveAccessibleName(new RegExp(`^Image ${image}\\.`));
  }
  for (let i = 19; i >= 17; i--) {
    await page.keyboard.press('Control+z');
    await expect(stage(page)).toHaveAccessibleName(`Image ${filled[i]}. left eye center: missing`);
  }
  await expect(status(page)).toContainText('saved');
  await page.close();
  await served.stop();

  const again = await serve(workspace);
  const reopened = await page.context().newPage();
  for (const [i, image] of filled.entries()) {
    await label(reopened, again, `image=${image}`);
    await expect(point(reopened, 'left eye center')).toHaveAccessibleName(i < 17 ? /visible at/ : /missing$/);
  }
  await again.stop();

  const after = await exported(workspace);
  const column = before[0]!.indexOf('left_eye_center_x');
  expect(after).toHaveLength(before.length);
  // Training images are imported first and in order, so that image 1 is the table's first row.
  const kept = filled.slice(0, 17);
  for (const [row, fields] of before.entries()) {
    const changed = after[row]!;
    if (kept.includes(row)) {
      expect(fields.slice(column, column + 2)).toEqual(['', '']);
      for (const value of changed.slice(column, column + 2)) expect(value).toMatch(/^\d+(\.\d)?$/);
      expect(changed.toSpliced(column, 2)).toEqual(fields.toSpliced(column, 2));
    } else expect(changed).toEqual(fields);
  }
});

test('a point lies exactly on the pixel that was clicked, on the screen and in the database, at every zoom', async ({
  folder,
  page,
  serve,
}) => {
  const [side, x, y] = [96, 37, 52];
  const directory = join(folder, 'one-pixel');
  const workspace = Workspace.open(directory, { create: true });
  const pixels = new Uint8Array(side * side);
  pixels[y * side + x] = 255;
  workspace.images.add({ width: side, height: side, pixels });
  workspace.close();
  const served = await serve(directory);
  await label(page, served);
  await page.keyboard.press('h'); // markers would be in the picture that is looked at

  const box = (await stage(page).boundingBox())!;
  /** The middle of what is white on the canvas, in CSS pixels of the page, once what was done is drawn. */
  const target = async (): Promise<{ x: number; y: number }> => {
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    const place = await page
      .locator('.stage canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data, width, height } = canvas
          .getContext('2d')!
          .getImageData(0, 0, canvas.width, canvas.height);
        let [sumX, sumY, weight] = [0, 0, 0];
        for (let i = 0; i < width * height; i++) {
          const white = data[4 * i]! * (data[4 * i + 3]! / 255);
          sumX += white * ((i % width) + 0.5);
          sumY += white * (Math.floor(i / width) + 0.5);
          weight += white;
        }
        return { x: sumX / weight, y: sumY / weight, weight };
      });
    if (place.weight === 0) return target(); // the picture is on its way
    return { x: box.x + place.x, y: box.y + place.y };
  };
  const stored = () => {
    const reader = Workspace.openReadOnly(directory);
    const [label] = reader.labels.of(1);
    reader.close();
    return label;
  };
  const scale = async () =>
    Number(
      /now ([\d.]+) times/.exec(
        (await page.getByRole('button', { name: /^Fit/ }).getAttribute('aria-label'))!,
      )![1],
    );

  const levels: number[] = [];
  for (const step of [0, -500, -200, 300, 300, 300, 600]) {
    const around = await target();
    await page.mouse.move(around.x, around.y);
    await page.mouse.wheel(0, -step);
    await page.keyboard.press('1');
    const here = await target();
    await page.mouse.click(here.x, here.y);
    await expect(point(page, 'left eye center')).toHaveAccessibleName(storedPoint); // and saved
    const times = await scale();
    levels.push(times);
    const place = stored() as { x: number; y: number };
    const reach = 0.5 / times + 0.05;
    expect(Math.abs(place.x - x)).toBeLessThanOrEqual(reach);
    expect(Math.abs(place.y - y)).toBeLessThanOrEqual(reach);

    await page.keyboard.press('h');
    await page.keyboard.press('1');
    const marker = page.locator('.stage svg g.selected');
    const [left, top] = /translate\(([\d.-]+) ([\d.-]+)\)/
      .exec((await marker.getAttribute('transform'))!)!
      .slice(1);
    expect(Math.abs(box.x + Number(left) - here.x)).toBeLessThanOrEqual(0.5 + 0.05 * times);
    expect(Math.abs(box.y + Number(top) - here.y)).toBeLessThanOrEqual(0.5 + 0.05 * times);
    await page.keyboard.press('h');
    await page.keyboard.press('Delete');
    await expect(point(page, 'left eye center')).toHaveAccessibleName(/: missing$/);
  }
  expect(Math.min(...levels)).toBeLessThan(1);
  expect(Math.max(...levels)).toBeGreaterThan(30);
});

test('an edit that the page calls saved survives the sudden end of the server', async ({
  faces,
  page,
  serve,
}) => {
  const workspace = copyOf(faces);
  const served = await serve(workspace);
  await label(page, served, 'keypoint=left_eye_center&state=missing');
  const image = await imageShown(page);
  await page.keyboard.press('1');
  await clickAt(page, 40, -40);
  await expect(point(page, 'left eye center')).toHaveAccessibleName(storedPoint);
  await served.stop('SIGKILL');
  const reader = Workspace.open(workspace);
  expect(reader.labels.of(image)[0]).toMatchObject({ state: 'visible' });
  reader.close();
});

test('an edit that the page calls saved survives the sudden end of the browser', async ({
  faces,
  launchOptions,
  serve,
}) => {
  const workspace = copyOf(faces);
  const served = await serve(workspace);
  const doomed = await chromium.launchServer(launchOptions);
  const browser = await chromium.connect(doomed.wsEndpoint());
  const page = await browser.newPage();
  await label(page, served, 'keypoint=left_eye_center&state=missing');
  const image = await imageShown(page);
  await page.keyboard.press('1');
  await clickAt(page, 40, -40);
  await expect(point(page, 'left eye center')).toHaveAccessibleName(storedPoint);
  const gone = new Promise((resolve) => browser.on('disconnected', resolve));
  doomed.process().kill('SIGKILL');
  await gone;
  const reader = Workspace.openReadOnly(workspace);
  expect(reader.labels.of(image)[0]).toMatchObject({ state: 'visible' });
  reader.close();
});

test('what is not stored is said to be unsaved, and the page asks before it goes', async ({
  faces,
  page,
  serve,
}) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'keypoint=left_eye_center&state=missing');
  await served.stop('SIGKILL');
  await page.keyboard.press('1');
  await clickAt(page, 40, -40);
  await expect(status(page)).toContainText('saving 1');
  await expect(point(page, 'left eye center')).toHaveAccessibleName(/not saved yet/);
  const asked = page.waitForEvent('dialog');
  void page.reload().catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await expect(status(page)).toContainText('saving 1');
});

test('two pages on one image see each other’s changes as they happen', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'image=3');
  const other = await page.context().newPage();
  await label(other, served, 'image=3');
  await page.keyboard.press('1');
  await page.keyboard.press('x');
  await expect(point(other, 'left eye center')).toHaveAccessibleName('left eye center: absent');
  await other.keyboard.press('Control+z');
  await expect(point(page, 'left eye center')).toHaveAccessibleName(/: visible at/);
});

test('what could not be stored before another workspace was opened waits until its own is open again', async ({
  faces,
  page,
  serve,
}) => {
  const [first, second] = [copyOf(faces), copyOf(faces)];
  const served = await serve(first);
  await label(page, served, 'image=3');
  const { client, close } = await connectClient(served.address);
  await page.keyboard.press('1');
  await page.keyboard.press('ArrowRight'); // waits a moment for the next arrow
  await client.workspaces.open({ directory: second });
  await expect(page.getByText(`1 edit to ${first} could not be stored`)).toBeVisible();
  await expect(status(page)).toContainText('1 edit to another workspace');
  expect(await client.labels.history({ imageId: 3, keypoint: 0 })).toHaveLength(1); // the import's
  await client.workspaces.open({ directory: first });
  await expect
    .poll(async () =>
      (await client.labels.history({ imageId: 3, keypoint: 0 })).map(({ actor }) => actor.kind),
    )
    .toEqual(['human', 'import']);
  await expect(status(page)).not.toContainText('Not saved');
  close();
});

test('a missing cell with a proposal takes one key', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'loop=nose_tip');
  await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible();
  const seen = new Set<number>();
  for (let i = 0; i < 5; i++) {
    const image = await imageShown(page);
    seen.add(image);
    await page.keyboard.press('Enter');
    await expect(stage(page)).not.toHaveAccessibleName(new RegExp(`^Image ${image}\\.`));
  }
  expect(seen.size).toBe(5);
  await expect(page.getByText('today 5')).toBeVisible();
});

test('a key that a person has given to a command is that command’s, whoever else has it', async ({
  faces,
  page,
  serve,
}) => {
  const served = await serve(copyOf(faces));
  const { client, close } = await connectClient(served.address);
  await client.settings.set({ key: 'shortcuts', value: { 'label.next-image': ['Enter'] } });
  await label(page, served, 'loop=nose_tip');
  await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible();
  const image = await imageShown(page);
  await page.keyboard.press('Enter');
  await expect(stage(page)).not.toHaveAccessibleName(new RegExp(`^Image ${image}\\.`));
  expect((await client.queue.counts({})).today).toBe(0);
  await client.settings.set({ key: 'shortcuts', value: {} });
  close();
});

test('everything is done with the keyboard alone', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'keypoint=left_eye_center&state=missing');
  await expect(stage(page)).toBeFocused();
  await page.keyboard.press('1');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Enter');
  await expect(point(page, 'left eye center')).toHaveAccessibleName(/: visible at/);
  // Tab goes through the keypoints, and out of the picture behind the last.
  for (let k = 0; k <= face15.keypoints.length; k++) await page.keyboard.press('Tab');
  await expect(stage(page)).not.toBeFocused();
});

test('a checkpoint brings the labels back as they were', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'image=3');
  const before = await point(page, 'nose tip').getAttribute('aria-label');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Checkpoints' });
  await dialog.getByLabel('Name').fill('before the storm');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/“before the storm” holds/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();

  await point(page, 'nose tip').click();
  await page.keyboard.press('Delete');
  await expect(point(page, 'nose tip')).toHaveAccessibleName('nose tip: missing');
  await page.keyboard.press('Control+s');
  await dialog.getByRole('button', { name: 'Restore' }).first().click();
  await expect(dialog.getByText(/1 cells? (is|are) as/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(point(page, 'nose tip')).toHaveAccessibleName(before!);
});

test.describe('the label screen', () => {
  for (const colorScheme of ['dark', 'light'] as const)
    test(`has no accessibility violation (${colorScheme})`, async ({ faces, page, serve }) => {
      const served = await serve(copyOf(faces));
      await page.emulateMedia({ colorScheme });
      await label(page, served, 'keypoint=left_eye_center&state=missing');
      await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await page.keyboard.press('Control+s');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });

  test('breaks none of its content rules', async ({ faces, page, serve }) => {
    const served = await serve(copyOf(faces));
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await label(page, served);
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.mouse.move(600, 400);
    await page.keyboard.press('Control+s');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test('fits into 1024 x 700', async ({ faces, page, serve }) => {
    await page.setViewportSize({ width: 1024, height: 700 });
    const served = await serve(copyOf(faces));
    await label(page, served);
    const box = (await stage(page).boundingBox())!;
    expect(box.width).toBeGreaterThan(400);
    expect(box.height).toBeGreaterThan(400);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

test('the keyboard is the picture’s again after a slider and a list were used with the mouse', async ({
  faces,
  page,
  serve,
}) => {
  await label(page, await serve(copyOf(faces)));
  const image = await imageShown(page);
  await page.getByLabel('brightness').click();
  await page.keyboard.press('d');
  await expect(stage(page)).toHaveAccessibleName(new RegExp(`^Image ${image + 1}\\.`));
  await page.getByRole('button', { name: 'Checkpoints' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await expect(stage(page)).toHaveAccessibleName(new RegExp(`^Image ${image}\\.`));
});

test('another order begins at its head', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served, 'kind=training&image=200');
  await page.getByLabel('Order').selectOption('outliers first');
  await expect(stage(page)).not.toHaveAccessibleName(/^Image 200\./);
  const first = await imageShown(page);
  await page.keyboard.press('d');
  await expect(stage(page)).not.toHaveAccessibleName(new RegExp(`^Image ${first}\\.`));
  await page.keyboard.press('Home');
  await expect(stage(page)).toHaveAccessibleName(new RegExp(`^Image ${first}\\.`));
});

test('without the server the image stays on the screen', async ({ faces, page, serve }) => {
  const served = await serve(copyOf(faces));
  await label(page, served);
  const box = await stage(page).boundingBox();
  await served.stop('SIGKILL');
  await expect(page.getByText('The service does not answer any more.')).toBeVisible({ timeout: 30_000 });
  await page.waitForTimeout(1500); // the page asks again once a second
  await expect(stage(page)).toHaveAccessibleName(/^Image \d+\./);
  expect(await stage(page).boundingBox()).toEqual(box); // nothing moves under the pointer
});
