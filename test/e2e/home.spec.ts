import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { coordinateColumns, face15 } from '../../src/domain/schema.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

const report = (page: Page) => page.getByRole('status').filter({ hasText: /^(Imported|Nothing new)/ });
const figure = (page: Page, name: string) => page.locator('.counts div', { hasText: name }).locator('dd');

/** As training.csv, without any label: pictures that differ in their first two pixels, so that importing takes a while. */
function* trainingTable(rows: number): Generator<string> {
  const columns = coordinateColumns(face15);
  const empty = ','.repeat(columns.length);
  const rest = ' 128'.repeat(96 * 96 - 2);
  yield `${[...columns, 'Image'].join(',')}\n`;
  for (let row = 0; row < rows; row++) yield `${empty}${row >> 8} ${row & 255}${rest}\n`;
}

/** An archive with one table: a gigabyte of it lies on the disk as a few megabytes. */
async function writeArchive(file: string, table: Iterable<string>): Promise<void> {
  const zip = new ZipFile();
  zip.addReadStream(Readable.from(table), 'training.csv', { compressionLevel: 1 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

test.describe('an empty workspace', () => {
  let served: Served;
  let number = 0;

  test.beforeEach(async ({ folder, page, serve }) => {
    served = await serve(join(folder, `empty-${number++}`));
    await page.goto(served.address);
    await expect(page.getByText('No images yet')).toBeVisible();
  });

  test('says what would be here, and is filled with the sample faces by one click', async ({ page }) => {
    await expect(page.getByText('Drop the competition’s archive anywhere on this window')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);

    await page.getByRole('button', { name: 'Try the sample faces' }).click();
    await expect(report(page)).toContainText(/^Imported 240 training images and 60 test images in \d/, {
      timeout: 20_000, // drawing takes a second or a few
    });
    await expect(figure(page, 'images')).toHaveText('300');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('link', { name: 'Look at the images' }).first().click();
    await expect(page.getByRole('gridcell').first()).toBeVisible();
  });

  test('takes an archive that is chosen, and says so when it brings nothing new', async ({
    faces,
    folder,
    page,
  }) => {
    expect(faces).toBeTruthy(); // draws the archive
    for (const said of [
      /^Imported 240 training images/,
      /^Nothing new: all of it was in the workspace already/,
    ]) {
      const choosing = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose an archive…' }).click();
      await (await choosing).setFiles(join(folder, 'faces.zip'));
      await expect(report(page)).toContainText(said);
    }
  });

  test('takes an archive that is dropped anywhere', async ({ faces, folder, page }) => {
    expect(faces).toBeTruthy();
    const content = readFileSync(join(folder, 'faces.zip')).toString('base64');
    const files = await page.evaluateHandle(async (content) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], 'faces.zip'));
      return data;
    }, content);
    await page.dispatchEvent('footer', 'dragenter', { dataTransfer: files });
    await expect(page.getByText('Drop it to import it into')).toBeVisible();
    await page.dispatchEvent('footer', 'drop', { dataTransfer: files });
    await expect(report(page)).toContainText('Imported 240 training images');
    await expect(page.getByText('Drop it to import it into')).toBeHidden();
  });

  test('what an import has brought is not said of another workspace', async ({ folder, page }) => {
    await page.getByRole('button', { name: 'Try the sample faces' }).click();
    await expect(report(page)).toContainText(/^Imported/, { timeout: 20_000 });
    await page.getByLabel('A folder on the server’s machine').fill(join(folder, `other-${number}`));
    await page.getByRole('button', { name: 'Make a new one there' }).click();
    await expect(page.getByRole('heading', { name: `other-${number}` })).toBeVisible();
    await expect(report(page)).toBeHidden();
  });

  test('takes a path on the server’s machine', async ({ faces, folder, page }) => {
    expect(faces).toBeTruthy();
    await page.getByLabel('or a path on the server’s machine').fill(join(folder, 'faces.zip'));
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(report(page)).toContainText('Imported 240 training images');
  });

  test('lists what a person should know of an import, place by place', async ({ folder, page }) => {
    const [header, row] = trainingTable(1);
    const table = join(folder, 'twice.csv');
    writeFileSync(table, `${header}40,40${row!.slice(1)}41,40${row!.slice(1)}`);
    await page.getByLabel('or a path on the server’s machine').fill(table);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1 row repeats a picture with other labels').click();
    await expect(page.getByRole('row', { name: 'twice.csv 3 2' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });

  test('says where an archive is wrong and what was kept', async ({ folder, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const table = join(folder, 'training.csv');
    writeFileSync(table, 'nose_tip_x,nose_tip_y,Image\n1,2,0 0 0 0\n');
    await page.getByLabel('or a path on the server’s machine').fill(table);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('training.csv');
    await expect(alert).toContainText('Nothing was imported.');
    await alert.getByRole('button', { name: 'Copy details' }).click();
    await expect(alert.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('code: BAD_INPUT');
    await alert.getByRole('button', { name: 'Close' }).click();
    await expect(alert).toBeHidden();
  });

  test.describe('during an import', () => {
    let other: Page;

    test.beforeEach(async ({ page, context }) => {
      other = await context.newPage();
      await other.goto(page.url());
      await expect(other.getByText('No images yet')).toBeVisible();
      await page.bringToFront();
    });

    async function begin(page: Page, folder: string, rows: number) {
      const archive = join(folder, 'many.zip');
      await writeArchive(archive, trainingTable(rows));
      await page.getByLabel('or a path on the server’s machine').fill(archive);
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await expect(page.getByRole('main').getByRole('progressbar')).toHaveAttribute('value', /0\.\d/);
    }

    // So much that also a slow test finds it under way; what is not cancelled may take its time then.
    const patient = { timeout: 120_000 };

    test('shows how far it is, and cancels', async ({ folder, page }) => {
      await begin(page, folder, 20_000);
      await expect(page.getByText(/training\.csv: [\d,]+ rows, [\d,]+ a second/)).toBeVisible();
      await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByText('Cancelled. The workspace is as it was.')).toBeVisible();
      await expect(page.getByText('No images yet')).toBeVisible();
    });

    test('goes on when the page is loaded anew', async ({ folder, page }) => {
      await begin(page, folder, 10_000);
      await page.reload();
      await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible();
      await expect(report(page)).toContainText('Imported 10,000 training images', patient);
    });

    test('is seen in another page, which can cancel it', async ({ folder, page }) => {
      await begin(page, folder, 20_000);
      await other.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
      for (const each of [page, other])
        await expect(each.getByText('Cancelled. The workspace is as it was.')).toBeVisible();
    });

    test('goes on while something else is on the screen', async ({ folder, page }) => {
      await begin(page, folder, 10_000);
      await page.evaluate(() => (location.hash = '#/dataset'));
      await expect(page.getByRole('banner').getByRole('progressbar')).toBeVisible();
      await expect(page.getByRole('banner').getByRole('progressbar')).toBeHidden(patient);
      await page.getByRole('link', { name: 'Home' }).click();
      await expect(report(page)).toContainText('Imported 10,000 training images');
    });
  });
});

test.describe('a workspace with images', () => {
  let served: Served;

  test.beforeEach(async ({ faces, page, serve }) => {
    served = await serve(faces);
    await page.goto(served.address);
    await expect(figure(page, 'images')).toBeVisible();
  });

  test('shows the counts that the command line gives, and leads to the images counted', async ({
    faces,
    page,
  }) => {
    const info = JSON.parse(await fiducial('info', '--json', '--workspace', faces)) as Record<string, number>;
    await expect(figure(page, 'images')).toHaveText(String(info['images']));
    await expect(figure(page, 'to train on')).toHaveText(String(info['trainingImages']));
    await expect(figure(page, 'with every point')).toHaveText(String(info['completeImages']));
    await figure(page, 'to train on').getByRole('link').click();
    await expect(page.locator('main p strong').first()).toHaveText(String(info['trainingImages']));
  });

  test('opens another workspace and comes back', async ({ folder, page }) => {
    await page.getByLabel('A folder on the server’s machine').fill(join(folder, 'another'));
    await page.getByRole('button', { name: 'Make a new one there' }).click();
    await expect(page.getByRole('heading', { name: 'another' })).toBeVisible();
    await expect(page.getByText('No images yet')).toBeVisible();
    await page.getByRole('button', { name: /^faces / }).click();
    await expect(figure(page, 'images')).toHaveText('300');
    await page.getByLabel('Workspace faces').click();
    await page
      .getByRole('banner')
      .getByRole('button', { name: /^another / })
      .click();
    await expect(page.getByText('No images yet')).toBeVisible();
  });

  test('says so when the server has gone', async ({ page }) => {
    await served.stop();
    await expect(page.getByRole('alert')).toContainText('The connection to the service is lost');
  });

  for (const colorScheme of ['dark', 'light'] as const)
    test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    });

  test('breaks none of its own content rules, and the token does not stay in the address', async ({
    page,
  }) => {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.reload();
    await page.getByRole('link', { name: 'Dataset' }).click();
    await expect(page.getByRole('gridcell').first()).toBeVisible();
    expect(complaints).toEqual([]);
    expect(page.url()).not.toContain('token');
  });

  test('is opened by a link on another site’s page, with the token', async ({ page }) => {
    const { origin } = new URL(served.address);
    await page.route('http://webmail.test/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${served.address}">faces</a>` }),
    );
    await page.context().clearCookies();
    await page.goto('http://webmail.test/');
    await page.getByRole('link', { name: 'faces' }).click();
    await expect(figure(page, 'images')).toBeVisible();
    expect(new URL(page.url())).toMatchObject({ origin, search: '' });
  });

  test('shows nothing to a browser without the token', async ({ browser }) => {
    const stranger = await browser.newPage();
    const answer = await stranger.goto(new URL(served.address).origin);
    expect(answer!.status()).toBe(401);
    await expect(stranger.locator('body')).toContainText('it holds a token');
    await stranger.close();
  });
});

test('a workspace that is damaged is not taken for an empty one', async ({ folder, page, serve }) => {
  const directory = join(folder, 'damaged');
  mkdirSync(directory);
  writeFileSync(join(directory, 'fiducial.sqlite'), 'no database');
  await page.goto((await serve(directory)).address);
  await expect(page.getByRole('alert')).toContainText(join(directory, 'fiducial.sqlite'));
});

test('an image is found by its number from anywhere', async ({ faces, page, serve }) => {
  await page.goto((await serve(faces)).address);
  await expect(page.getByRole('link', { name: 'Label', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('#17');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/label\?image=17$/);
});
