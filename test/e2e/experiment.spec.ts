/** An experiment from its first look to its ensemble, without leaving the window. */
import { expect } from '@playwright/test';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from '../../src/domain/recipe.ts';
import { connectClient } from './client.ts';
import { test } from './harness.ts';

test('samples are looked at, one change is made, two presets train with it, one is stopped and resumed, both are compared and averaged', async ({
  faces,
  folder,
  page,
  serve,
}) => {
  const workspace = join(folder, 'experiment');
  cpSync(faces, workspace, { recursive: true });
  const { address } = await serve(workspace);
  const main = page.getByRole('main');
  const setup = page.getByRole('complementary', { name: 'What goes in' });
  const state = main.getByRole('status');

  await test.step('look at augmented samples and change one strength', async () => {
    await page.goto(address);
    await page.getByRole('link', { name: 'Augmented samples' }).click();
    await expect(page.getByRole('gridcell', { name: /^Image 1, epoch 1/ }).locator('canvas')).toBeVisible();
    await page.getByRole('slider', { name: 'Shift' }).fill('3');
    await expect(main.getByRole('status')).toHaveText(/points lost/);
    await page.getByRole('button', { name: 'Use in Train' }).click();
    await expect(page).toHaveURL(/#\/train/);
  });

  const train = async (preset: string, epochs: number) => {
    await setup.getByLabel('Preset').selectOption(preset);
    await setup.getByLabel('Epochs', { exact: true }).fill(String(epochs));
    await setup.getByRole('radio', { name: /^onnx/ }).check();
    await setup.getByRole('button', { name: /^(Train|Queue it)$/ }).click();
  };

  await test.step('train two presets, the second after the first', async () => {
    await train('mlp', 3);
    await expect(page).toHaveURL(/run=1$/);
    await train('lenet5', 6);
    await expect(page).toHaveURL(/run=2$/);
  });

  await test.step('watch the second, stop it after an epoch and resume it', async () => {
    const readout = main.getByRole('slider', { name: 'Error: epoch' });
    await expect(readout).toHaveAttribute('aria-valuetext', /^epoch 1: validation .* px/);
    await main.getByRole('button', { name: 'Stop' }).click();
    await expect(state).toContainText('stopped');
    await main.getByRole('button', { name: 'Resume' }).click();
    await expect(state).toContainText('finished', { timeout: 120_000 });
    await expect(readout).toHaveAttribute('aria-valuetext', /^epoch 6: /);
  });

  await test.step('compare them', async () => {
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    for (const run of [1, 2]) await page.getByLabel(`Mark run ${run}`, { exact: true }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const differs = page.getByRole('region', { name: 'What differs' });
    await expect(differs.getByRole('row', { name: 'preset mlp lenet5' })).toBeVisible();
    await expect(differs).not.toContainText('augmentation');
    const { client, close } = await connectClient(address);
    const { config } = await client.runs.get({ run: 2 });
    close();
    expect((config as { recipe: Recipe }).recipe.augmentation.shift).toBe(3);
    await expect(page.getByRole('region', { name: /By keypoint/ })).toContainText('all keypoints');
    await page.getByRole('button', { name: 'Back to the runs' }).click();
  });

  await test.step('average them into an ensemble', async () => {
    await page.getByRole('button', { name: 'Average into an ensemble' }).click();
    const row = page.getByRole('row').filter({ hasText: 'ensemble of 1, 2' });
    await expect(row).toContainText(/finished.*\d\.\d\d \(\d\.\d\d to \d\.\d\d\)/);
  });
});
