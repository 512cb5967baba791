import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from './client.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

/** Of the runs that the tour speaks of one: a small plain network. */
const plain = { layers: [{ type: 'flatten' }, { type: 'dense', units: 6 }] };

const panel = (page: Page) => page.getByRole('complementary', { name: 'Tour' });
const title = (page: Page) => panel(page).getByRole('status');
const next = (page: Page) => panel(page).getByRole('button', { name: 'Next' }).click();

let workspace: string;
let served: Served;

test.beforeAll(async ({ folder }) => {
  workspace = join(folder, 'tour');
  const spec = join(folder, 'plain.json');
  writeFileSync(spec, JSON.stringify(plain));
  await fiducial('sample', join(folder, 'tour.zip'));
  await fiducial('import', join(folder, 'tour.zip'), '--workspace', workspace);
  await fiducial('train', '--spec', spec, '--epochs', '1', '--engine', 'onnx', '--workspace', workspace);
});

test.beforeEach(async ({ page, serve }) => {
  served = await serve(workspace);
  const { client, close } = await connectClient(served.address);
  await client.settings.set({ key: 'tour.step', value: null });
  close();
  await page.goto(served.address);
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await expect(title(page)).toHaveText('Missing data');
});

test('leads from screen to screen with the counts of this workspace', async ({ page }) => {
  const info = JSON.parse(await fiducial('info', '--json', '--workspace', workspace)) as {
    completeImages: number;
    trainingImages: number;
  };
  await expect(panel(page)).toContainText(
    `${info.completeImages} of ${info.trainingImages} training images have every keypoint`,
  );
  await expect(page).toHaveURL(/#\/dataset\?kind=training&order=missing/);
  await next(page);
  await expect(page).toHaveURL(/#\/samples\?only=mirror/);
  await next(page);
  await expect(title(page)).toHaveText('A plain network');
  await expect(panel(page)).toContainText(/Run 1 has [\d,]+ weights\. It is \d+\.\d\d px off/);
  await expect(page).toHaveURL(/#\/models\?run=1/);
  await expect(page.getByRole('application', { name: /^dense1, / })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Back' }).click();
  await expect(title(page)).toHaveText('Why mirror');
});

test('goes on after a reload, shows its screen again when asked, and ends', async ({ page }) => {
  await next(page);
  await expect(page).toHaveURL(/#\/samples/);
  await page.goto(`${served.address}#/home`);
  await expect(title(page)).toHaveText('Why mirror');
  await panel(page).getByRole('button', { name: 'Show it' }).click();
  await expect(page).toHaveURL(/#\/samples/);
  await panel(page).getByRole('button', { name: 'End the tour' }).click();
  await expect(panel(page)).toHaveCount(0);
});

test('a run that a step needs is started by its button', async ({ page }) => {
  for (let i = 0; i < 6; i++) await next(page);
  await expect(title(page)).toHaveText(/^Overfitting on \d+ complete rows/);
  await panel(page).getByRole('button', { name: 'Train on complete rows, without augmentation' }).click();
  await expect(panel(page)).toContainText('Run 2 will show it: it is training');
  await expect(page).toHaveURL(/#\/train/);
  const { client, close } = await connectClient(served.address);
  const { rows, config } = await client.runs.get({ run: 2 });
  await client.runs.stop({ run: 2 });
  await client.runs.delete({ run: 2 });
  close();
  expect(rows).toBe('complete');
  const { augmentation } = (config as { recipe: { augmentation: Record<string, number> } }).recipe;
  expect(Object.values(augmentation).every((strength) => strength === 0)).toBe(true);
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await next(page);
    await next(page);
    await expect(page.getByRole('application', { name: /^dense1, / })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
