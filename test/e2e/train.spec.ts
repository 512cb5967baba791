import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from './client.ts';
import { test } from './harness.ts';
import type { Served } from './server.ts';

const setup = (page: Page) => page.getByRole('complementary', { name: 'What goes in' });
const queue = (page: Page) => page.getByRole('complementary', { name: 'Runs' });
const shown = (page: Page) => page.getByRole('main');
const state = (page: Page) => shown(page).getByRole('status');
const layer = (page: Page, name: string) => setup(page).getByRole('button', { name: `Layer ${name}` });

let served: Served;
let workspace: string;

// Runs are left behind, which other tests on the faces do not want.
test.beforeEach(async ({ faces, folder, page, serve }, { testId }) => {
  workspace = join(folder, testId);
  cpSync(faces, workspace, { recursive: true });
  served = await serve(workspace);
  await page.goto(served.address);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(setup(page).getByText('240 images')).toBeVisible();
});

/** A network that trains in no time, on the engine that is there at once. */
async function setUpSmall(page: Page, epochs: number): Promise<void> {
  await setup(page).getByLabel('Preset').selectOption('mlp');
  await setup(page).getByRole('button', { name: 'Edit 3 layers' }).click();
  await layer(page, '2: dense 300').click();
  await setup(page).getByLabel('units').fill('4');
  await expect(setup(page).getByText('37 k').first()).toBeVisible();
  await setup(page).getByLabel('Epochs', { exact: true }).fill(String(epochs));
  await setup(page).getByRole('radio', { name: /^onnx/ }).check();
}

const train = (page: Page) => setup(page).getByRole('button', { name: 'Train', exact: true }).click();

test('a network is edited layer by layer: what it comes to follows, and what is wrong stands at its layer', async ({
  page,
}) => {
  await setup(page).getByLabel('Preset').selectOption('lenet5');
  const figures = setup(page).getByLabel('The network');
  await expect(figures).toContainText('parameters 8.05 M');
  await setup(page).getByRole('button', { name: 'Edit 14 layers' }).click();
  await expect(layer(page, '10: flatten')).toContainText('15488');

  await layer(page, '7: conv 128, 2x2').click();
  const kernel = setup(page).getByLabel('kernel');
  await kernel.fill('50');
  await expect(setup(page).getByRole('alert').filter({ hasText: 'kernel does not fit' })).toBeVisible();
  await expect(layer(page, '10: flatten')).toContainText('–');
  await expect(setup(page).getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
  await kernel.fill('2');
  await expect(figures).toContainText('parameters 8.05 M');
  await expect(setup(page).getByRole('button', { name: 'Train', exact: true })).toBeEnabled();

  await setup(page).getByLabel('Add after 7').selectOption('batchNorm');
  await expect(layer(page, '8: batchNorm')).toHaveAttribute('aria-expanded', 'true');
  await setup(page).getByRole('button', { name: 'Move layer 8 down' }).click();
  await expect(layer(page, '9: batchNorm')).toBeVisible();
  await setup(page).getByRole('button', { name: 'Remove layer 9' }).click();
  await expect(layer(page, '9: maxPool')).toBeVisible();

  await page.reload();
  await expect(setup(page).getByLabel('Made from lenet5')).toHaveValue('of your own');
  await setup(page).getByLabel('Made from lenet5').selectOption('default');
  await expect(figures).toContainText('parameters 127 k');
});

test('an offer fills in the time and how many networks are averaged; the trainings of an ensemble are followed one by one', async ({
  page,
}) => {
  const offer = setup(page).getByRole('button', { name: /^20 minutes, two networks averaged/ });
  await offer.click();
  await expect(offer).toHaveAttribute('aria-pressed', 'true');
  await expect(setup(page).getByLabel('Time for everything')).toHaveValue('20');
  await expect(setup(page).getByLabel('Networks, averaged')).toHaveValue('2');

  await setup(page).getByLabel('Budget').selectOption('epochs');
  await expect(offer).toHaveAttribute('aria-pressed', 'false');
  await setUpSmall(page, 1);
  await train(page);
  await expect(page).toHaveURL(/run=3$/);
  await expect(state(page)).toContainText('finished', { timeout: 60_000 });
  await expect(shown(page)).toContainText('ensemble of 1, 2');
});

test('a training: cost told, begun, paused, gone on with, stopped, resumed, finished, and what it means', async ({
  page,
}) => {
  await setUpSmall(page, 40);
  await setup(page).getByRole('button', { name: 'Measure the cost' }).click();
  const cost = setup(page).getByRole('region', { name: 'Cost' });
  await expect(cost).toContainText('images/s with onnx', { timeout: 120_000 });
  await expect(cost).toContainText('40 epochs');
  await setup(page).getByLabel('Epochs', { exact: true }).fill('30');
  await expect(cost).toContainText('Not measured for what stands above.');

  await train(page);
  await expect(page).toHaveURL(/#\/train\?run=1$/);
  await shown(page).getByRole('button', { name: 'Pause' }).click();
  await expect(state(page)).toContainText('paused');
  await expect(page.getByRole('banner').getByText('paused')).toBeVisible();
  await queue(page).getByRole('button', { name: 'Go on with run 1' }).click();
  await expect(state(page)).toContainText('running');
  await expect(shown(page).getByRole('slider', { name: 'Error: epoch' })).toHaveAttribute(
    'aria-valuetext',
    /^epoch \d+: validation .* px, training .* px$/,
  );
  await page.keyboard.press('Shift+s');
  await expect(state(page)).toContainText('stopped');

  await shown(page).getByRole('button', { name: 'Resume' }).click();
  await expect(state(page)).toContainText('finished');
  const meaning = shown(page).getByRole('region', { name: 'What it means' });
  await expect(meaning).toContainText(/It is [\d.]+ px off on 37 images that it has not seen/);
  await expect(meaning).toContainText(/limits? it/);
  await expect(meaning).toContainText('Next: ');
  await expect(meaning.getByRole('button')).toHaveCount(3);
  await expect(queue(page).getByText('mean shape')).toBeVisible();
  await expect(queue(page).getByRole('region', { name: 'The best so far' })).toContainText('Run 1');
});

test('what is trained next is kept, queued, and goes out of the queue; the address keeps the run that is shown', async ({
  page,
}) => {
  await setUpSmall(page, 100_000);
  await train(page);
  await expect(shown(page).getByRole('button', { name: 'Stop' })).toBeVisible();
  await setup(page).getByRole('button', { name: 'Queue it' }).click();
  await expect(page).toHaveURL(/run=2$/);
  await expect(state(page)).toContainText('queued, 1 before it');
  await page.goBack();
  await expect(shown(page).getByRole('heading', { name: 'Run 1' })).toBeVisible();
  await queue(page).getByRole('button', { name: 'Take out run 2' }).click();
  await expect(queue(page).getByRole('button', { name: 'Resume run 2' })).toBeVisible();

  // From another screen the top bar says how far it is, and leads back.
  await page.getByRole('link', { name: 'Dataset' }).click();
  await page.getByRole('banner').getByRole('link', { name: 'Run 1' }).click();
  await expect(page).toHaveURL(/#\/train\?run=1$/);
  await expect(setup(page).getByLabel('Epochs', { exact: true })).toHaveValue('100000');

  const face = shown(page).getByRole('link', { name: /^Image \d+, .* px off$/ }).first(); // prettier-ignore
  await face.click();
  await expect(page.getByRole('application', { name: /^Image \d+/ })).toBeVisible();
  await page.goBack();
  await expect(shown(page).getByRole('heading', { name: 'Run 1' })).toBeVisible();
  await shown(page).getByRole('button', { name: 'Stop' }).click();
  await expect(state(page)).toContainText('stopped');

  await shown(page).getByRole('button', { name: 'Start from it' }).click();
  await expect(setup(page).getByText('As in run 1, whose parameters it starts from.')).toBeVisible();
  await expect(setup(page).getByLabel('Of epoch')).toBeVisible();
});

test('a run that waited when the service ended is queued again from the screen', async ({ page, serve }) => {
  await setUpSmall(page, 100_000);
  await train(page);
  await expect(shown(page).getByRole('button', { name: 'Stop' })).toBeVisible();
  await setup(page).getByRole('button', { name: 'Queue it' }).click();
  await expect(state(page)).toContainText('queued');
  await served.stop();
  await page.goto(`${(await serve(workspace)).address}#/train?run=2`);
  await expect(state(page)).toContainText('left in the queue');
  await shown(page).getByRole('button', { name: 'Queue it again' }).click();
  await expect(state(page)).toContainText('running');
  await shown(page).getByRole('button', { name: 'Stop' }).click();
  await expect(state(page)).toContainText('stopped');
});

test('a filter of the dataset is what is learned from', async ({ page }) => {
  await page.getByRole('link', { name: 'Dataset' }).click();
  await page.getByLabel('Complete', { exact: true }).selectOption('yes');
  await page.getByRole('button', { name: 'Train on these' }).click();
  await expect(setup(page).getByRole('radio', { name: 'those of a filter' })).toBeChecked();
  await expect(setup(page).getByText('complete: every point')).toBeVisible();
  const { client, close } = await connectClient(served.address);
  const { complete } = await client.images.matrix({ filter: {} });
  close();
  await expect(setup(page).getByText(`${complete} images, less those held out.`)).toBeVisible();
});

test('a finished run has no accessibility violation, dark or light', async ({ page }) => {
  await setUpSmall(page, 2);
  await train(page);
  await expect(state(page)).toContainText('finished');
  await expect(shown(page).getByRole('region', { name: 'What it means' })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, colorScheme).toEqual([]);
  }
});
