/** On the drawn faces, with three trainings of a tiny network that were made before. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartInput } from '../../src/contract/runs.ts';
import type { Client } from '../../src/service/service.ts';
import { connectClient } from './client.ts';
import { test } from './harness.ts';

const spec: NonNullable<StartInput['spec']> = {
  layers: [
    { type: 'conv', filters: 4, kernel: 5, stride: 4 },
    { type: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 8 },
  ],
};

const row = (page: Page, run: number) =>
  page.getByRole('grid', { name: 'Runs' }).getByRole('row').filter({ has: page.getByRole('rowheader', { name: String(run), exact: true }) }); // prettier-ignore
const runsShown = async (page: Page) =>
  (await page.getByRole('rowheader').allTextContents()).map((text) => Number(text));
const panel = (page: Page) => page.getByRole('complementary', { name: 'Run', exact: true });
const mark = (page: Page, run: number) => page.getByLabel(`Mark run ${run}`, { exact: true }).check();

async function train(client: Client, input: StartInput): Promise<void> {
  const { runId } = await client.runs.start({ spec, engine: 'onnx', ...input });
  for await (const event of await client.runs.watch({ run: runId })) if (event.type === 'ended') break;
}

test.describe.configure({ mode: 'serial' });

let trained = false;
test.beforeEach(async ({ faces, folder, page, serve }) => {
  // Runs are left behind, which other tests on the faces do not want.
  const workspace = join(folder, 'runs');
  if (!trained) cpSync(faces, workspace, { recursive: true });
  const { address } = await serve(workspace);
  if (!trained) {
    const { client, close } = await connectClient(address);
    await train(client, { epochs: 2, seed: 1 });
    await train(client, { epochs: 4, seed: 2 });
    await train(client, { epochs: 1, recipe: { batchSize: 16 } });
    close();
    trained = true;
  }
  await page.goto(`${address}#/runs`);
  await expect(row(page, 3)).toBeVisible();
});

test('lists runs, sorts and filters them, and the address keeps it', async ({ page }) => {
  expect(await runsShown(page)).toEqual([3, 2, 1]);
  await page.getByRole('button', { name: 'Epochs' }).click();
  expect(await runsShown(page)).toEqual([2, 1, 3]);
  await page.getByRole('button', { name: 'Epochs' }).click();
  await expect(page.getByRole('columnheader', { name: 'Epochs' })).toHaveAttribute('aria-sort', 'ascending');
  expect(await runsShown(page)).toEqual([3, 1, 2]);
  await page.getByRole('searchbox').fill('run 2');
  await expect(page.locator('main').getByRole('status')).toHaveText('1 of 3 runs');
  await page.reload();
  await expect(row(page, 2)).toBeVisible();
  expect(await runsShown(page)).toEqual([2]);
  await page.getByRole('combobox', { name: 'Status' }).selectOption('failed');
  await expect(page.getByText('No run is like that.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(row(page, 1)).toBeVisible();
});

test('arrow keys walk through the runs, and the one they are on says where it came from', async ({
  page,
}) => {
  await row(page, 3).click();
  await page.getByRole('grid', { name: 'Runs' }).press('ArrowDown');
  await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true');
  await expect(panel(page).getByRole('heading', { name: 'Run 2' })).toBeVisible();
  await expect(panel(page)).toContainText(/Fiducial \d+\.\d+\.\d+/);
  await expect(panel(page)).toContainText(/onnx \d/);
  await expect(panel(page)).toContainText(/snapshot [0-9a-f]{12}/);
  await expect(panel(page)).toContainText('PCA + ridge');
});

test('tags and a note are kept, and found', async ({ page }) => {
  await row(page, 1).click();
  await page.keyboard.press('t');
  await page.keyboard.type('base line');
  await page.keyboard.press('Enter');
  await expect(row(page, 1)).toContainText('base line');
  await page.keyboard.press('Tab');
  await page.getByRole('textbox', { name: 'Note' }).fill('two epochs only');
  await page.getByRole('textbox', { name: 'Note' }).blur();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('two epochs only');
  await page.getByLabel('Tag', { exact: true }).selectOption('base line');
  await expect.poll(() => runsShown(page)).toEqual([1]);
  await page.getByRole('button', { name: 'Take away the tag base line' }).click();
  await expect(page.getByText('No run is like that.')).toBeVisible();
});

test('a run is put aside, and taken back at once', async ({ page }) => {
  await row(page, 1).click();
  await page.keyboard.press('Shift+A');
  await expect(row(page, 1)).toHaveCount(0);
  await page.getByRole('button', { name: 'Archived (1)' }).click();
  await expect(row(page, 1)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Archived (0)' }).click();
  await expect(row(page, 1)).toBeVisible();
});

test('runs are compared: curves, settings, keypoints with intervals, the same faces by both', async ({
  page,
}) => {
  await mark(page, 1);
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
  await mark(page, 2);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page).toHaveURL(/shown=comparison.*marked=1%2C2/);
  await expect(page.getByRole('slider', { name: /RMSE on validation images/ })).toBeVisible();
  const differs = page.getByRole('region', { name: 'What differs' });
  await expect(differs.getByRole('row', { name: 'recipe.epochs 2 4' })).toBeVisible();
  const changes = page.getByRole('region', { name: /By keypoint/ });
  await expect(changes.getByRole('row', { name: /^all keypoints/ })).toContainText(
    /[+−]?\d\.\d\d \(.* to .*\)/,
  );
  await expect(changes.getByRole('row')).toHaveCount(1 + 1 + 15);
  const face = page.getByRole('link', { name: /^Image \d+: .* by run 1, .* by run 2$/ }).first();
  await expect(face.locator('img')).toHaveCount(2);
  await page.getByRole('button', { name: 'Back to the runs' }).click();
  await expect(row(page, 1)).toBeVisible();
});

test('runs are averaged into an ensemble that is judged and submits like a run', async ({ page }) => {
  await mark(page, 1);
  await mark(page, 2);
  await page.getByRole('button', { name: 'Average into an ensemble' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Run 4' })).toBeVisible();
  await expect(row(page, 4)).toContainText('ensemble of 1, 2');
  await expect(row(page, 4)).toContainText(/finished.*\d\.\d\d \(/);
  const download = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Export submission' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('submission-run-4.csv');
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/^RowId,Location\n1,/);
  await expect(panel(page)).toContainText(/Submissions.*submission/s);
  await panel(page).getByRole('button', { name: 'Judge again' }).click();
  await expect(page.getByText('Run 4 is judged again')).toBeVisible();
});

test('the next training starts from a run’s checkpoint, or is as the run was', async ({ page }) => {
  await row(page, 2).click();
  await panel(page).getByRole('button', { name: /^Fine-tune from epoch \d/ }).first().click(); // prettier-ignore
  await expect(page).toHaveURL(/#\/train/);
  await page.goBack();
  await panel(page).getByRole('button', { name: 'Use in Train' }).click();
  await expect(page).toHaveURL(/#\/train/);
});

test('deleting says what goes with a run, and takes exactly that', async ({ page }) => {
  await row(page, 1).click();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: 'Delete run 1' });
  await expect(dialog).toContainText('run 4, an ensemble that averages it');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Delete 2 runs: 1, 4' }).click();
  await expect(page.getByText('Deleted run 1, 4.')).toBeVisible();
  await expect.poll(() => runsShown(page)).toEqual([3, 2]);
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await mark(page, 2);
    await mark(page, 3);
    await expect(panel(page)).toContainText('Lineage');
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page.getByRole('region', { name: /By keypoint/ })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
