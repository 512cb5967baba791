import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { connectClient } from './client.ts';
import { test } from './harness.ts';
import type { Served } from './server.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Samples' });
const sample = (page: Page, name: string) =>
  grid(page).getByRole('gridcell', { name: new RegExp(`^${name}`) });
/** The sample's pixels, as the canvas has them. */
const pixels = (page: Page, name: string) =>
  sample(page, name).locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()); // prettier-ignore
const slider = (page: Page, name: string) => page.getByRole('slider', { name });
const step = (page: Page, name: string) =>
  page
    .getByRole('complementary', { name: 'Step by step' })
    .getByRole('button', { name: new RegExp(`^${name}`) });

let served: Served;

test.beforeEach(async ({ faces, page, serve }) => {
  served = await serve(faces);
  const { client, close } = await connectClient(served.address);
  await client.settings.set({ key: 'train.draft', value: null }); // other tests have drafts of their own
  close();
  await page.goto(served.address);
  await page.getByRole('link', { name: 'Augmented samples' }).click();
  await expect(sample(page, 'Image 1, epoch 1').locator('canvas')).toBeVisible();
});

test('shows each image as it is and as training gets it, pixel by pixel', async ({ page }) => {
  const { client, close } = await connectClient(served.address);
  const presets = await client.network.presets();
  const { augmentation, normalisation } = presets.find(({ name }) => name === 'default')!.recipe;
  const { images } = await client.augmentation.samples({ augmentation, normalisation, seed: 1, imageIds: [1], variants: 2 }); // prettier-ignore
  close();
  const gray = (name: string) =>
    sample(page, name)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]!);
      });
  const [{ original, variants }] = images as [(typeof images)[0]];
  expect(Buffer.from(await gray('Image 1, as it is')).toString('base64')).toBe(original.pixels);
  expect(Buffer.from(await gray('Image 1, epoch 2')).toString('base64')).toBe(variants[1]!.pixels);
});

test('a slider changes the samples while it moves, and the address keeps it', async ({ page }) => {
  const before = await pixels(page, 'Image 1, epoch 1');
  await slider(page, 'Rotation').fill('60');
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).not.toBe(before);
  await expect(page).toHaveURL(/rotation=60/);
  const turned = await pixels(page, 'Image 1, epoch 1');
  await page.reload();
  await expect(slider(page, 'Rotation')).toHaveValue('60');
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).toBe(turned);
  await page.getByRole('button', { name: 'As in Train' }).click();
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).toBe(before);
});

test('one change alone leaves the others out, and all together brings them back', async ({ page }) => {
  const before = await pixels(page, 'Image 1, epoch 1');
  await page.getByRole('button', { name: 'Mirror alone' }).click();
  await expect(step(page, 'Mirror').filter({ hasText: 'mirrored' })).toBeVisible();
  await expect(step(page, 'Shift')).toHaveCount(0);
  await page.keyboard.press('a');
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).toBe(before);
});

test('a reroll draws anew, and the seed brings the same draws back', async ({ page }) => {
  const before = await pixels(page, 'Image 1, epoch 1');
  await page.getByRole('button', { name: 'Reroll' }).click();
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).not.toBe(before);
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('1');
  await page.keyboard.press('Tab');
  await expect.poll(() => pixels(page, 'Image 1, epoch 1')).toBe(before);
});

test('a seed that is not frozen goes on with every move of a slider', async ({ page }) => {
  await page.getByLabel('Freeze the seed').uncheck();
  await slider(page, 'Noise').fill('0.2');
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('2');
});

test('points that leave the picture are counted and said of each sample', async ({ page }) => {
  await slider(page, 'Shift').fill('32');
  await slider(page, 'Rotation').fill('90');
  await expect(page.locator('main').getByRole('status')).toHaveText(/^[1-9]\d* of [\d,]+ points lost/);
  await expect(
    grid(page)
      .getByRole('gridcell', { name: /points? lost$/ })
      .first(),
  ).toBeVisible();
});

test('arrow keys walk through the samples, and one is looked at change by change', async ({ page }) => {
  await sample(page, 'Image 1, epoch 1').click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(sample(page, 'Image 2, epoch 2')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('heading', { name: 'Image 2, epoch 2' })).toBeVisible();
  await expect(page).toHaveURL(/image=2&epoch=2/);
  const matrix = page.getByRole('table', { name: 'Matrix so far' });
  await step(page, 'As it is').click();
  await expect(matrix).toHaveText(/1\.000\s*0\.000\s*0\.000/);
  await page.keyboard.press('.');
  await expect(step(page, 'Mirror')).toHaveAttribute('aria-current', 'step');
  await page.keyboard.press('.');
  await expect(step(page, 'Rotation')).toHaveAttribute('aria-current', 'step');
  await expect(matrix).not.toHaveText(/1\.000\s*0\.000\s*0\.000/);
});

test('the next training takes what was found here with one click', async ({ page }) => {
  await slider(page, 'Shift').fill('3');
  await page.getByRole('button', { name: 'Use in Train' }).click();
  await expect(page).toHaveURL(/#\/train/);
  await page.goBack();
  await page.reload();
  await expect(slider(page, 'Shift')).toHaveValue('3');
  await expect(page.getByRole('button', { name: 'As in Train' })).toBeDisabled();
});

test('mirroring is proved pair by pair', async ({ page }) => {
  await page.getByRole('button', { name: 'Mirroring proof' }).click();
  await expect(page.getByText('Every pair is right')).toBeVisible();
  await expect(page.getByRole('row', { name: /^left eye center right eye center \d+/ })).toBeVisible();
  await expect(page).toHaveURL(/shown=proof/);
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await expect(page.getByRole('table', { name: 'Matrix so far' })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Mirroring proof' }).click();
    await expect(page.getByText('Every pair is right')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
