import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient } from './client.ts';
import { fiducial, test } from './harness.ts';
import type { Served } from './server.ts';

const network = {
  layers: [
    { type: 'conv', filters: 4, kernel: 5, stride: 4 },
    { type: 'relu' },
    { type: 'flatten' },
    { type: 'dense', units: 8 },
  ],
};

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...camera] });
  },
});

let trained: string;
let copies = 0;
let served: Served;

test.beforeAll(async ({ folder }) => {
  trained = join(folder, 'reviewed');
  const spec = join(folder, 'network.json');
  writeFileSync(spec, JSON.stringify(network));
  await fiducial('sample', join(folder, 'reviewed.zip'));
  await fiducial('import', join(folder, 'reviewed.zip'), '--workspace', trained);
  await fiducial('train', '--spec', spec, '--epochs', '2', '--engine', 'onnx', '--workspace', trained);
});

/** Each test has the trained workspace to itself: it changes labels. */
test.beforeEach(async ({ folder, serve }) => {
  const workspace = join(folder, `reviewed-${++copies}`);
  cpSync(trained, workspace, { recursive: true });
  served = await serve(workspace);
});

const open = (page: Page, query = '') => page.goto(`${served.address}#/review?${query}`);
const tiles = (page: Page) => page.getByRole('gridcell', { name: /^Image \d+, / });
const errorOf = async (page: Page, index: number) =>
  Number(/, ([\d.]+) px,/.exec((await tiles(page).nth(index).getAttribute('aria-label'))!)![1]);
const idOf = async (page: Page, index: number) =>
  Number(/^Image (\d+),/.exec((await tiles(page).nth(index).getAttribute('aria-label'))!)![1]);

async function labelsOf(imageId: number) {
  const { client, close } = await connectClient(served.address);
  const [image] = await client.images.get({ ids: [imageId] });
  close();
  return image!;
}

test('labels and predictions stand together, the worst first, and the run says more when asked', async ({
  page,
}) => {
  await open(page);
  await expect(tiles(page).first()).toHaveAccessibleName(/held out$/);
  expect(await errorOf(page, 0)).toBeGreaterThanOrEqual(await errorOf(page, 1));
  const before = Number(await page.locator('.toolbar strong').textContent());

  await open(page, 'kind=training');
  await page.getByRole('button', { name: 'Let run 1 say' }).click();
  await expect(page.locator('.toolbar strong')).toHaveText('240');
  expect(before).toBeLessThan(240);
  await expect(page.getByRole('button', { name: 'Let run 1 say' })).toBeHidden();

  await page.getByLabel('Order').selectOption('disagreement');
  await expect(tiles(page).first()).toHaveAccessibleName(/, ± \d+\.\d px, /);
  await page.getByLabel('By keypoint').selectOption('nose tip');
  await expect(page).toHaveURL(/order=disagreement&point=nose_tip/);
});

test('a prediction is accepted as a label that stays the run’s, a label is cleared, and both are taken back', async ({
  page,
}) => {
  await open(page);
  await tiles(page).first().click();
  const imageId = await idOf(page, 0);
  await page.keyboard.press('Enter');
  const point = page.getByRole('button', { name: /^nose tip/ });
  await point.click();
  const before = await labelsOf(imageId);
  const nose = 10;

  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Accepted 15 points.')).toBeVisible();
  const after = await labelsOf(imageId);
  expect(after.labels[nose]).not.toEqual(before.labels[nose]);
  expect(after.authors[nose]).toEqual({ kind: 'model-run', name: '1' });
  await expect(point).toContainText('0.0');

  await page.keyboard.press('Delete');
  await expect(page.getByText('Cleared 1 point.')).toBeVisible();
  expect((await labelsOf(imageId)).labels[nose]).toEqual({ state: 'missing' });
  await expect(point).toContainText('no label');

  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await labelsOf(imageId)).labels).toEqual(before.labels);
});

test('whoever corrects a label in the editor comes back to the same face, and the next one is what it was', async ({
  page,
}) => {
  await open(page);
  await expect(tiles(page).nth(3)).toBeVisible();
  const [second, third] = [await idOf(page, 1), await idOf(page, 2)];
  await tiles(page).nth(1).dblclick();
  await expect(page.getByText(`Image ${second}, held out`)).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByRole('application', { name: new RegExp(`^Image ${second}\\b`) })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('saved');

  await page.keyboard.press('b');
  await expect(page.getByText(`Image ${second}, held out`)).toBeVisible();
  await expect(page.getByText(/^2 of /)).toBeVisible();
  await page.keyboard.press('d');
  await expect(page.getByText(`Image ${third}, held out`)).toBeVisible();
  await expect(page.getByText(/^3 of /)).toBeVisible();
});

test('a suspect gets its verdict by one key, which is stored and can be taken back', async ({ page }) => {
  await open(page, 'view=suspects');
  const list = page.getByRole('list').filter({ has: page.getByRole('button', { name: /left and right/ }) });
  const suspects = list.getByRole('button');
  await expect(suspects.first()).toHaveAttribute('aria-current', 'true');
  const [first, second] = [0, 1].map(async (i) => Number((await suspects.nth(i).textContent())!.trim().split(/\s/)[0])); // prettier-ignore
  const [right, wrong] = [(await first)!, (await second)!];

  await page.keyboard.press('r');
  await expect(suspects.first()).toContainText('label is right');
  await expect(suspects.nth(1)).toHaveAttribute('aria-current', 'true');
  const before = await labelsOf(wrong);
  await page.keyboard.press('x');
  await expect(suspects.nth(1)).toContainText('wrong, cleared');
  const missing = (labels: typeof before.labels) => labels.filter(({ state }) => state === 'missing').length;
  expect(missing((await labelsOf(wrong)).labels)).toBeGreaterThan(missing(before.labels));

  await page.keyboard.press('Control+z');
  await expect(suspects.nth(1)).not.toContainText('wrong, cleared');
  expect((await labelsOf(wrong)).labels).toEqual(before.labels);

  await page.reload();
  await expect(suspects.first()).toContainText(String(wrong));
  await expect(page.getByRole('button', { name: new RegExp(`^${right}\\b`) })).toBeHidden();
});

test('errors add up over the mean face, by keypoint, by side and by what a picture is like', async ({
  page,
}) => {
  await open(page, 'view=errors');
  await expect(
    page.getByRole('img', { name: /^Mean error in px, x and y: left eye center −?\d/ }),
  ).toBeVisible();
  // The mean face is there, behind the errors.
  await expect
    .poll(() =>
      page
        .locator('main canvas')
        .evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(48, 48, 1, 1).data[3]),
    )
    .toBe(255);
  await expect(page.getByRole('row', { name: /^left eye center/ })).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Confusion of sides' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Sharpness' }).getByRole('listitem')).toHaveCount(5);
  await expect(page.getByText('nobody has labelled points twice')).toBeVisible();
});

test('a photo of one’s own shows its points at once, follows the box, and is not imported', async ({
  page,
}) => {
  await open(page, 'view=pictures');
  const photo = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 200);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#999';
    context.fillRect(0, 0, 300, 200);
    context.fillStyle = '#222';
    for (const x of [110, 190]) context.fillRect(x, 80, 20, 10);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  await page
    .getByLabel('A picture of your own')
    .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(photo, 'base64') });
  const box = page.getByRole('application', { name: /^Box around the face/ });
  await expect(box.locator('circle.left')).toHaveCount(6);
  const place = () => box.locator('circle.middle').nth(1).getAttribute('cx');
  const before = await place();
  await box.press('Shift+-');
  await expect.poll(place).not.toBe(before);
  const { client, close } = await connectClient(served.address);
  expect((await client.workspace.outline()).images).toBe(300);
  close();
});

test('the camera starts by a click only, shows points live, and is off when the person leaves', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const asked: MediaStream[] = [];
    Object.assign(window, { asked });
    const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await original(constraints);
      asked.push(stream);
      return stream;
    };
  });
  await open(page, 'view=pictures');
  await expect(page.getByText('nothing of them is stored')).toBeVisible();
  const streams = () =>
    page.evaluate(() =>
      (window as unknown as { asked: MediaStream[] }).asked.map((stream) =>
        stream.getTracks().map(({ kind, readyState }) => `${kind} ${readyState}`),
      ),
    );
  expect(await streams()).toEqual([]);
  await page.getByRole('button', { name: 'Use the camera' }).click();
  const box = page.getByRole('application', { name: /^Box around the face/ });
  await expect(box.locator('circle.left')).toHaveCount(6);
  expect(await streams()).toEqual([['video live']]);
  await expect(page.getByText(/^\d+ ms$/)).toBeVisible();
  await page.getByRole('link', { name: 'Dataset' }).click();
  await expect.poll(streams).toEqual([['video ended']]);
});

test('no page may use a microphone or learn where it is', async ({ page }) => {
  const response = await page.request.get(served.address);
  expect(response.headers()['permissions-policy']).toBe(
    'camera=(self), microphone=(), geolocation=(), display-capture=()',
  );
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`has no accessibility violation (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
    };
    await open(page);
    await expect(tiles(page).first()).toBeVisible();
    await check();
    await tiles(page).first().dblclick();
    await expect(page.getByRole('button', { name: /^All faces/ })).toBeVisible();
    await check();
    for (const [view, there] of [
      ['suspects', page.getByRole('group', { name: 'Verdict' })],
      ['errors', page.getByRole('img', { name: /^Mean error/ })],
      ['pictures', page.getByRole('button', { name: 'Use the camera' })],
    ] as const) {
      await open(page, `view=${view}`);
      await expect(there).toBeVisible();
      await check();
    }
  });

test('the latest run has placed what was missing when it ended: the label screen need not ask it', async ({
  page,
}) => {
  await page.goto(`${served.address}#/label?kind=training`);
  const shown = page.getByRole('application', { name: /^Image \d+/ });
  const imageId = Number(/\d+/.exec((await shown.getAttribute('aria-label'))!)![0]);
  expect((await labelsOf(imageId)).prediction).toMatchObject({ runId: 1 });
  await expect(page.getByText('Run 1 has not seen this image yet.')).toBeHidden();
});

test('the label screen lets the latest run propose places for what has become missing since', async ({
  page,
}) => {
  const { client, close } = await connectClient(served.address);
  const complete = { filter: { kind: 'training', complete: true }, limit: 1 } as const;
  const [image] = (await client.images.page(complete)).images;
  const cleared = { imageId: image!.id, keypoint: 0, before: image!.labels[0]!, after: { state: 'missing' } };
  await client.labels.apply({ changes: [cleared as never] });
  close();
  await page.goto(`${served.address}#/label?image=${image!.id}`);
  const offer = page.getByRole('button', { name: 'Let it propose places' });
  await offer.click();
  await expect(offer).toBeHidden();
  await expect(page.getByRole('button', { name: 'It looks at all that is missing' })).toBeHidden();
  await expect(page.getByText('Run 1 has not seen this image yet.')).toBeHidden();
});
