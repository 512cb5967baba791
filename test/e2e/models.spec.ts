import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../src/service/service.ts';
import { connectClient } from './client.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

/** Run 1: a small convolutional network. Run 2: a dense one. */
const networks = [
  {
    layers: [
      { type: 'conv', filters: 4, kernel: 5, stride: 4 },
      { type: 'relu' },
      { type: 'residual', body: [{ type: 'conv', filters: 4, kernel: 3, padding: 1 }] },
      { type: 'maxPool', size: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 8 },
    ],
  },
  { layers: [{ type: 'flatten' }, { type: 'dense', units: 6 }] },
];

let workspace: string;
let served: Served;

test.beforeAll(async ({ folder }) => {
  workspace = join(folder, 'models');
  await fiducial('sample', join(folder, 'models.zip'));
  await fiducial('import', join(folder, 'models.zip'), '--workspace', workspace);
  for (const network of networks) {
    const spec = join(folder, 'network.json');
    writeFileSync(spec, JSON.stringify(network));
    await fiducial('train', '--spec', spec, '--epochs', '1', '--engine', 'onnx', '--workspace', workspace);
  }
});

const column = (page: Page, name: string) => page.getByRole('region', { name: `Network of ${name}` });
const best = (page: Page, run = 1) => column(page, `run ${run}, best epoch`);
const layer = (page: Page, name: string) =>
  best(page).getByRole('button', { name: new RegExp(`^${name}, `) });
const map = (page: Page, run = 1) => best(page, run).getByRole('application');
const panel = (page: Page) => page.getByRole('complementary', { name: 'The value in numbers' });
const value = (page: Page) => panel(page).locator('.value strong');

async function open(page: Page, query: string, run = 1) {
  await page.goto(`${served.address}#/models?${query}`);
  await expect(map(page, run)).toBeVisible();
}

test.beforeEach(async ({ serve }) => {
  served = await serve(workspace);
});

test('without a run it says what would be here, and leads to training', async ({ faces, page, serve }) => {
  const { address } = await serve(faces);
  await page.goto(`${address}#/models`);
  await expect(page.getByText('No run has been trained yet.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Train a network' })).toHaveAttribute('href', '#/train');
});

test('is reached from the rail, and shows the latest run on the first face', async ({ page }) => {
  await page.goto(served.address);
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await expect(best(page, 2)).toBeVisible();
  await expect(best(page, 2).getByRole('img', { name: 'Image 1 with the places of run 2' })).toBeVisible();
});

test('draws the network from input to output with shapes, costs and fields', async ({ page }) => {
  await open(page, 'run=1');
  const layers = best(page)
    .getByRole('list', { name: /from input to output$/ })
    .getByRole('button');
  await expect(layers).toHaveText([
    /^\s*conv 1/,
    /relu 1/,
    /conv 1/,
    /residual 1/,
    /max pool 1/,
    /flatten 1/,
    /dense 1/,
    /output/,
  ]);
  await expect(layers.first()).toHaveAccessibleName(
    'conv1, 4 × 23 × 23, 104 parameters, 52,900 multiply-adds, one value sees 5 × 5 px',
  );
});

test('a layer that is clicked shows its feature maps, and the address keeps it', async ({ page }) => {
  await open(page, 'run=1');
  await layer(page, 'maxPool1').click();
  await expect(page).toHaveURL(/layer=maxPool1/);
  const maps = best(page).getByRole('group', { name: 'Feature maps of maxPool1' }).getByRole('button');
  await expect(maps).toHaveCount(4);
  await maps.nth(2).click();
  await expect(map(page)).toHaveAccessibleName(/^maxPool1, channel 2, /);
  await page.reload();
  await expect(map(page)).toHaveAccessibleName(/^maxPool1, channel 2, /);
});

test('the value under the pointer is the engine’s own, with the numbers that come to it and what it sees', async ({
  page,
}) => {
  await open(page, 'run=1&image=7&layer=conv1&channel=1');
  const box = (await map(page).boundingBox())!;
  const [row, at] = [10, 6];
  await page.mouse.move(box.x + ((at + 0.5) * box.width) / 23, box.y + ((row + 0.5) * box.height) / 23);
  await expect(panel(page)).toContainText(`conv1, channel 1, row ${row}, column ${at}`);
  const { client, close } = await connectClient(served.address);
  const cell = await cellOf(client, row, at);
  close();
  await expect(value(page)).toHaveText(text(cell.value));
  await expect(map(page)).toHaveAccessibleName(
    new RegExp(`row ${row}, column ${at}: ${text(cell.value)}\\.`),
  );
  await expect(panel(page).getByRole('row', { name: 'value' })).toContainText(`= ${text(cell.value)}`);
  await expect(panel(page).locator('table').first().getByRole('cell')).toHaveCount(25);
  const field = best(page)
    .getByRole('img', { name: /^Image 7/ })
    .locator('rect');
  await expect(field).toHaveAttribute('x', '24');
  await expect(field).toHaveAttribute('y', '40');
  await expect(field).toHaveAttribute('width', '5');
});

const cellOf = (client: Client, row: number, at: number) =>
  client.layers.cell({ run: 1, at: 'best', imageId: 7, layer: 'conv1', channel: 1, row, column: at });
const text = (number: number) => `${number < 0 ? '−' : ''}${Math.abs(number).toFixed(3)}`;

test('everything goes by the keyboard: faces, layers, channels, and cells with the arrow keys', async ({
  page,
}) => {
  await open(page, 'run=1&image=7&layer=conv1&channel=1');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/image=8/);
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/layer=relu1/);
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/channel=\d/);
  await expect(map(page)).toHaveAccessibleName(/^relu1, /);
  const before = /row (\d+), column (\d+)/.exec((await map(page).getAttribute('aria-label'))!)!;
  await map(page).focus();
  const left = Number(before[2]) > 0;
  await page.keyboard.press(left ? 'ArrowLeft' : 'ArrowRight');
  const after = `row ${before[1]}, column ${Number(before[2]) + (left ? -1 : 1)}`;
  await expect(map(page)).toHaveAccessibleName(new RegExp(`^relu1, channel \\d, ${after}: `));
  await expect(panel(page)).toContainText(after);
  await expect(panel(page)).toContainText('The larger of 0 and');
});

test('heat maps are shown as one map for each keypoint, by its name, and their cells are the engine’s own', async ({
  folder,
  page,
  serve,
}) => {
  const other = join(folder, 'heat-maps');
  cpSync(workspace, other, { recursive: true });
  const spec = join(folder, 'heat-maps.json');
  writeFileSync(spec, JSON.stringify({ layers: [networks[0]!.layers[0], { type: 'heatMap', cells: 2 }] }));
  await fiducial('train', '--spec', spec, '--epochs', '1', '--engine', 'onnx', '--workspace', other);
  served = await serve(other);
  await open(page, 'run=3&image=7&layer=heatMap1', 3);
  const maps = best(page, 3).getByRole('group', { name: 'Feature maps of heatMap1' }).getByRole('button');
  await expect(maps).toHaveCount(15);
  await maps.and(page.getByRole('button', { name: 'nose tip' })).click();
  const shown = map(page, 3);
  await expect(shown).toHaveAccessibleName(/^heatMap1, nose tip, row/);
  const box = (await shown.boundingBox())!;
  // Of maps of 46 x 46 from channels of 23 x 23: the last of the four of the eleventh keypoint.
  await page.mouse.move(box.x + (7.5 * box.width) / 46, box.y + (5.5 * box.height) / 46);
  const { client, close } = await connectClient(served.address);
  const cell = { channel: 4 * 10 + 3, row: 2, column: 3 };
  const { value: own } = await client.layers.cell({
    run: 3,
    at: 'best',
    imageId: 7,
    layer: 'heatMap1',
    ...cell,
  });
  close();
  await expect(shown).toHaveAccessibleName(new RegExp(`nose tip, row 5, column 7: ${text(own)}\\.`));
  await expect(value(page)).toHaveText(text(own));
});

test('filters of the first layer are pixels, and choosing one chooses its map', async ({ page }) => {
  await open(page, 'run=1');
  await panel(page).getByRole('button', { name: 'Filter 3' }).click();
  await expect(map(page)).toHaveAccessibleName(/^conv1, channel 3, /);
});

test('the images that excite a channel are found in the background, and lead to their faces', async ({
  page,
}) => {
  await open(page, 'run=1&layer=residual1&channel=0');
  await panel(page).getByRole('button', { name: 'Look through 300 images' }).click();
  const images = panel(page).getByRole('button', { name: /^Image \d+, / });
  await expect(images).toHaveCount(12);
  const name = (await images.first().getAttribute('aria-label'))!;
  await images.first().click();
  await expect(page).toHaveURL(new RegExp(`image=${/\d+/.exec(name)![0]}&`));
  await page.reload();
  await expect(images).toHaveCount(12);
});

test('hiding parts of the face says where the error of a keypoint comes from', async ({ page }) => {
  await open(page, 'run=1&image=3');
  await page.getByLabel('Hide parts, for').selectOption('nose tip');
  await expect(page).toHaveURL(/hide=nose_tip/);
  await expect(best(page)).toContainText(
    /(Error|Shift) of the nose tip when 12 × 12 px are hidden, most of all about \(\d+, \d+\): [+−]\d/,
  );
});

test('before training stands beside after it, and a layer chosen in one is shown in both', async ({
  page,
}) => {
  await open(page, 'run=1&image=3');
  await page.getByRole('button', { name: 'Before training' }).click();
  const start = column(page, 'run 1, before training');
  await expect(start.getByRole('application')).toHaveAccessibleName(/^conv1, /);
  await start.getByRole('button', { name: /^maxPool1, / }).click();
  await expect(start.getByRole('application')).toHaveAccessibleName(/^maxPool1, /);
  await expect(map(page)).toHaveAccessibleName(/^maxPool1, /);
  await page.getByRole('button', { name: 'One network' }).click();
  await expect(start).toHaveCount(0);
});

test('another run stands beside the first on the same face, each with a layer of its own', async ({
  page,
}) => {
  await open(page, 'run=1&image=3');
  await page.getByRole('button', { name: 'Another run' }).click();
  const dense = best(page, 2);
  await expect(dense.getByRole('img', { name: 'Image 3 with the places of run 2' })).toBeVisible();
  await dense.getByRole('button', { name: /^flatten1, / }).click();
  await expect(dense.getByRole('application')).toHaveAccessibleName(/^flatten1, value \d+: /);
  await expect(map(page)).toHaveAccessibleName(/^conv1, /);
  await expect(panel(page)).toContainText(/flatten1, value \d+/);
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, 'run=1&image=3&beside=2:start&hide=nose_tip');
    await expect(best(page)).toContainText('are hidden, most of all');
    await expect(panel(page).getByRole('button', { name: 'Filter 3' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  });
