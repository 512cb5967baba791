import AxeBuilder from '@axe-core/playwright';
import * as tf from '@tensorflow/tfjs';
import type { Download, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { connectClient } from './client.ts';
import { fiducial, test as base } from './harness.ts';
import type { Served } from './server.ts';

/** The drawn faces with two runs of one epoch, made once for all tests here. */
const test = base.extend<{ served: Served }, { trained: string }>({
  trained: [
    async ({ faces, folder }, use) => {
      const workspace = join(folder, 'trained');
      cpSync(faces, workspace, { recursive: true });
      const run = ['train', '--preset', 'mlp', '--epochs', '1', '--engine', 'onnx', '--workspace', workspace];
      await fiducial(...run);
      await fiducial(...run, '--seed', '2');
      await use(workspace);
    },
    { scope: 'worker' },
  ],
  served: [
    async ({ trained, folder, serve, page }, use) => {
      const workspace = mkdtempSync(join(folder, 'export-'));
      cpSync(trained, workspace, { recursive: true });
      const served = await serve(workspace);
      await page.goto(served.address);
      await page.getByRole('link', { name: 'Export', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Checks' })).toBeVisible();
      await use(served);
    },
    { auto: true },
  ],
});

const history = (page: Page) => page.getByRole('list', { name: 'Submissions' });
const show = (page: Page, title: string) =>
  page.getByRole('group', { name: 'What to export' }).getByRole('button', { name: title }).click();

/** What the browser gets when the button is pressed. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await pathOf(download)) };
}
const pathOf = (download: Download) => download.path();

test('a submission is looked at, written, compared with the next one and given its score', async ({
  page,
  served,
}) => {
  await expect(page.getByText('There is no earlier submission')).toBeVisible();
  await page.getByRole('combobox', { name: 'Run' }).selectOption({ index: 1 });
  await expect(page).toHaveURL(/run=1/);
  const { name, bytes } = await downloaded(page, () =>
    page.getByRole('button', { name: 'Write submission.csv' }).click(),
  );
  expect(name).toBe('submission-run-1.csv');
  const lines = bytes.toString().trimEnd().split('\n');
  expect(lines[0]).toBe('RowId,Location');
  expect(lines).toHaveLength(921);
  await expect(page.getByText('The same as submission 1')).toBeVisible();

  await page.getByRole('combobox', { name: 'Run' }).selectOption({ index: 0 });
  await expect(page.getByText(/920 rows differ from submission 1, of run 1/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Faces that change most' })).toBeVisible();

  const score = history(page).getByLabel('score');
  await score.fill('3.25');
  await score.press('Enter');
  const { client, close } = await connectClient(served.address);
  await expect.poll(async () => (await client.submissions.list())[0]!.score).toBe(3.25);
  const [written] = await client.submissions.list();
  close();
  expect(written).toMatchObject({ runId: 1, path: 'submission-run-1.csv', rows: 920 });
  await page.reload();
  await expect(score).toHaveValue('3.25');
  await expect(history(page)).toContainText(`${written!.validation!.rmse.toFixed(2)} px`);
});

test('a score that is none is refused', async ({ page, served }) => {
  await downloaded(page, () => page.getByRole('button', { name: 'Write submission.csv' }).click());
  await history(page).getByLabel('score').fill('good');
  await history(page).getByLabel('score').press('Enter');
  await expect(page.getByText('“good” is no score')).toBeVisible();
  const { client, close } = await connectClient(served.address);
  expect((await client.submissions.list())[0]!.score).toBeNull();
  close();
});

test('new labels are shown before they are written, and the file imported again adds nothing', async ({
  page,
  served,
  folder,
}) => {
  const { client, close } = await connectClient(served.address);
  await show(page, 'Labels');
  await expect(page.getByText('Nothing is new')).toBeVisible();
  const { images } = await client.images.page({ filter: { kind: 'training', state: 'missing' }, limit: 1 });
  const [{ id: imageId, labels }] = images as [(typeof images)[0]];
  const keypoint = labels.findIndex(({ state }) => state === 'missing');
  const after = { state: 'visible', x: 40.25, y: 51 } as const;
  await client.labels.apply({ changes: [{ imageId, keypoint, before: { state: 'missing' }, after }] });
  await expect(page.getByText('1 keypoint placed that had no place')).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(`^Image ${imageId}: `) })).toBeVisible();

  const { name, bytes } = await downloaded(page, () =>
    page.getByRole('button', { name: 'Write training.csv' }).click(),
  );
  expect(name).toBe('training.csv');
  expect(bytes.toString().split('\n')).toHaveLength(242);
  expect(bytes.toString()).toContain(',40.25,51,');
  const path = join(folder, 'again.csv');
  writeFileSync(path, bytes);
  for await (const event of await client.imports.run({ path }))
    if (event.type === 'done') expect(event.report).toMatchObject({ importId: null, labels: { added: 0 } });
  close();
});

test('the model goes out for ONNX and for TensorFlow.js, which alone finds a face’s points', async ({
  page,
}) => {
  await show(page, 'Model');
  const onnx = await downloaded(page, () => page.getByRole('button', { name: 'Write for ONNX' }).click());
  expect(onnx.name).toBe('run-2.onnx');
  expect(onnx.bytes.length).toBeGreaterThan(1e6);
  const tfjs = await downloaded(page, () => page.getByRole('button', { name: 'Write for TensorFlow.js' }).click()); // prettier-ignore
  expect(tfjs.name).toBe('run-2-tfjs.zip');
  const files = await unzipped(tfjs.bytes);
  const { weightsManifest, ...rest } = JSON.parse(files.get('model.json')!.toString()) as tf.io.ModelJSON;
  const weightData = new Uint8Array(files.get('weights.bin')!).buffer;
  const artifacts = { ...rest, weightSpecs: weightsManifest[0]!.weights, weightData };
  await tf.setBackend('cpu');
  const model = await tf.loadGraphModel({ load: () => Promise.resolve(artifacts) });
  const points = model.predict(tf.zeros([2, 96, 96, 1])) as tf.Tensor;
  expect(points.shape).toEqual([2, 30]);
});

test('the report opens without network or script, and is accessible in light and dark', async ({
  page,
  context,
  served,
}) => {
  await show(page, 'Report');
  const { name, bytes } = await downloaded(page, () =>
    page.getByRole('button', { name: 'Write the report' }).click(),
  );
  expect(name).toBe('run-2.html');
  const report = await context.newPage();
  const asked: string[] = [];
  report.on('request', (request) => {
    if (!request.url().startsWith('data:')) asked.push(request.url());
  });
  const address = new URL('/report.html', served.address).href;
  await report.route(address, (route) => route.fulfill({ body: bytes, contentType: 'text/html' }));
  for (const colorScheme of ['light', 'dark'] as const) {
    await report.emulateMedia({ colorScheme });
    await report.goto(address);
    await expect(report.getByRole('heading', { name: 'Worst faces' })).toBeVisible();
    await expect(report.getByRole('columnheader', { name: 'Are within' })).toBeVisible();
    const broken = report.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(await broken).toBe(false);
    const { violations } = await new AxeBuilder({ page: report }).analyze();
    expect(violations).toEqual([]);
  }
  expect(new Set(asked)).toEqual(new Set([address]));
});

test('everything goes by keyboard', async ({ page }) => {
  await page.keyboard.press('4');
  await expect(page.getByRole('heading', { name: 'Report of run 2' })).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { name: 'Report of run 1' })).toBeVisible();
  await page.keyboard.press('w');
  await page.keyboard.press('1');
  await expect(page.getByRole('heading', { name: 'Checks' })).toBeVisible();
  const { name } = await downloaded(page, () => page.keyboard.press('Control+Enter'));
  expect(name).toBe('submission-run-2.csv');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('labels');
  await page.getByRole('option', { name: /Export: labels/ }).click();
  await expect(page.getByText('Nothing is new')).toBeVisible();
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`no part of the screen is out of reach of assistive technology: ${colorScheme}`, async ({
    page,
    served,
    folder,
  }) => {
    const { client, close } = await connectClient(served.address);
    await client.exports.submission({ run: 1, out: join(folder, 'first.csv') });
    close();
    await page.emulateMedia({ colorScheme });
    await expect(history(page)).toContainText('Submission 1');
    for (const title of ['Submission', 'Labels', 'Model', 'Report']) {
      await show(page, title);
      await expect(page.getByRole('button', { name: /^Write / }).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, title).toEqual([]);
    }
  });

base('without a run the screen says what would be here', async ({ page, faces, serve }) => {
  const { address } = await serve(faces);
  await page.goto(`${address}#/export`);
  await expect(page.getByText('There is none yet')).toBeVisible();
  await show(page, 'Labels');
  await expect(page.getByRole('button', { name: 'Write training.csv' })).toBeEnabled();
});

/** The files of an archive by name. */
function unzipped(bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('end', () => resolve(files));
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (problem, stream) => {
          if (problem) return reject(problem);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(parts));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
