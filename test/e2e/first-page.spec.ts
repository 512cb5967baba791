import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { join } from 'node:path';
import type { Served } from './harness.ts';
import { fiducial, test } from './harness.ts';

const toDataset = (page: Page) => page.getByRole('link', { name: 'Dataset' }).click();

test.describe('a workspace with images', () => {
  let served: Served;

  test.beforeEach(async ({ faces, page, serve }) => {
    served = await serve(faces);
    await page.goto(served.address);
  });

  test('shows the counts that the command line gives', async ({ faces, page }) => {
    const info = JSON.parse(await fiducial('info', '--json', '--workspace', faces)) as Record<string, number>;
    const figure = (name: string) => page.locator('.counts div', { hasText: name }).locator('dd');
    await expect(figure('images')).toHaveText(String(info['images']));
    await expect(figure('to train on')).toHaveText(String(info['trainingImages']));
    await expect(figure('with every point')).toHaveText(String(info['completeImages']));
  });

  test('draws each point of an image at its pixel', async ({ page }) => {
    await toDataset(page);
    const face = page.getByRole('figure').first();
    await expect(face.getByRole('img')).toHaveJSProperty('naturalWidth', 96);
    const points = face.locator('circle:not(.halo)');
    await expect(face.getByRole('img')).toHaveAttribute('alt', /Image 1, \d+ of 15 keypoints placed/);
    expect(await points.count()).toBeGreaterThan(0);
    const [picture, point] = await Promise.all([
      face.getByRole('img').boundingBox(),
      points.first().boundingBox(),
    ]);
    const scale = picture!.width / 96;
    const x = Number(await points.first().getAttribute('cx'));
    expect(point!.x + point!.width / 2).toBeCloseTo(picture!.x + x * scale, 0);
  });

  test('pages through all images', async ({ page }) => {
    await toDataset(page);
    await expect(page.getByText(/^1–60 of /)).toBeVisible();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByText(/^61–120 of /)).toBeVisible();
    await expect(page.getByRole('img', { name: /^Image 61,/ })).toBeVisible();
    await page.getByRole('button', { name: 'Previous' }).click();
    await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled();
  });

  test('says so when the server has gone', async ({ page }) => {
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('images');
    await served.stop();
    await expect(page.getByRole('alert')).toContainText('The connection to the service is lost');
  });

  for (const colorScheme of ['dark', 'light'] as const)
    test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await toDataset(page);
      await expect(page.getByRole('figure').first()).toBeVisible();
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
    await toDataset(page);
    await expect(page.getByRole('figure').first()).toBeVisible();
    expect(complaints).toEqual([]);
    expect(page.url()).not.toContain('token');
  });

  test('shows nothing to a browser without the token', async ({ browser }) => {
    const stranger = await browser.newPage();
    const answer = await stranger.goto(new URL(served.address).origin);
    expect(answer!.status()).toBe(401);
    await expect(stranger.locator('body')).toContainText('it holds a token');
    await stranger.close();
  });
});

test('an empty workspace says which command fills it, and shows what that command brought', async ({
  folder,
  faces,
  page,
  serve,
}) => {
  expect(faces).toBeTruthy(); // draws the archive
  const workspace = join(folder, 'empty');
  const served = await serve(workspace);
  await page.goto(served.address);
  await expect(page.getByText('No images yet')).toBeVisible();
  await expect(page.getByText('fiducial -- import facial-keypoints-detection.zip')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  await fiducial('import', join(folder, 'faces.zip'), '--workspace', workspace);
  await page.reload();
  await toDataset(page);
  await expect(page.getByRole('figure').first()).toBeVisible();
});
