/** From faces without labels to a submission, and from a model back to better labels, without leaving the window. */
import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from './client.ts';
import { test } from './harness.ts';

test('faces are imported, labelled, trained on, reviewed, corrected, trained on again, looked into and submitted', async ({
  folder,
  page,
  serve,
}) => {
  const { address } = await serve(join(folder, 'story'));
  const main = page.getByRole('main');
  const stage = page.getByRole('application', { name: /^Image \d+\b/ });
  const status = page.getByRole('contentinfo', { name: 'Status' });
  const tiles = page.getByRole('gridcell', { name: /^Image \d+, / });
  const visit = (screen: string) => page.getByRole('link', { name: screen, exact: true }).click();

  await test.step('import', async () => {
    await page.goto(address);
    await page.getByRole('button', { name: 'Try the sample faces' }).click();
    await expect(page.getByText(/^Imported 240 training images and 60 test images/)).toBeVisible();
  });

  await test.step('label: three proposals are taken', async () => {
    await page.goto(`${new URL(address).origin}/#/label?loop=nose_tip`);
    await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible();
    for (let i = 0; i < 3; i++) {
      await expect(stage).toHaveAttribute('aria-busy', 'false');
      const before = (await stage.getAttribute('aria-label'))!;
      await page.keyboard.press('Enter');
      await expect(stage).not.toHaveAccessibleName(before);
    }
    await expect(status).toContainText('saved');
  });

  const train = async (run: number) => {
    await visit('Train');
    const setup = page.getByRole('complementary', { name: 'What goes in' });
    await setup.getByLabel('Preset').selectOption('mlp');
    await setup.getByLabel('Epochs', { exact: true }).fill('3');
    await setup.getByRole('radio', { name: /^onnx/ }).check();
    await setup.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`run=${run}$`));
    await expect(main.getByRole('status')).toContainText('finished', { timeout: 120_000 });
  };
  await test.step('train', () => train(1));

  await test.step('review: ten predictions become labels that stay the run’s', async () => {
    await visit('Review');
    await tiles.first().dblclick();
    const { client, close } = await connectClient(address);
    for (let accepted = 1; accepted <= 10; accepted++) {
      await page.keyboard.press('Enter');
      const ofTheRun = () => client.images.page({ filter: { author: 'model-run:1' }, limit: 20 });
      await expect.poll(async () => (await ofTheRun()).images.length).toBe(accepted);
      await page.keyboard.press('d');
      await expect(page.getByText(new RegExp(`^${accepted + 1} of `))).toBeVisible();
    }
    close();
  });

  await test.step('two are corrected in the editor, and each time the same face is there again', async () => {
    for (const place of ['11', '12']) {
      await expect(page.getByText(new RegExp(`^${place} of `))).toBeVisible();
      await page.keyboard.press('e');
      await expect(stage).toBeVisible();
      await page.keyboard.press('ArrowRight');
      await expect(status).toContainText('saved');
      await page.keyboard.press('b');
      await expect(page.getByText(new RegExp(`^${place} of `))).toBeVisible();
      await page.keyboard.press('d');
    }
  });

  await test.step('train again, and compare', async () => {
    await train(2);
    await visit('Runs');
    for (const run of [1, 2]) await page.getByLabel(`Mark run ${run}`, { exact: true }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page.getByRole('region', { name: 'What differs' })).toContainText('snapshot');
    await expect(page.getByRole('region', { name: /By keypoint/ })).toContainText('all keypoints');
  });

  await test.step('look into the layers', async () => {
    await visit('Models');
    const network = page.getByRole('region', { name: 'Network of run 2, best epoch' });
    await network.getByRole('button', { name: /^dense1, / }).click();
    const values = network.getByRole('application', { name: /^dense1, / });
    await expect(values).toBeVisible();
    await values.hover();
    const numbers = page.getByRole('complementary', { name: 'The value in numbers' });
    await expect(numbers.getByRole('row', { name: 'bias' })).toBeVisible();
  });

  await test.step('export', async () => {
    await visit('Export');
    await expect(page.getByRole('heading', { name: 'Checks' })).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Write submission.csv' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('RowId,Location');
    expect(lines).toHaveLength(921);
  });
});
