/** What there is to be looked at: an address on the sample faces, and what has to be there before the picture is taken. */
import type { Page } from '@playwright/test';

export interface Screen {
  readonly name: string;
  readonly hash: string;
  /** On a workspace without any image. */
  readonly empty?: boolean;
  /** Resolves when the screen is as it should be. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const faces = (page: Page) =>
  page
    .getByRole('gridcell', { name: /^Image \d+, / })
    .first()
    .waitFor();
const heat = (page: Page) => page.getByRole('img', { name: /labels lie/ }).waitFor();

const featureMaps = (page: Page) => page.getByRole('application', { name: /Arrow keys move/ }).waitFor();

const main = (page: Page) => page.getByRole('main');
const setup = (page: Page) => page.getByRole('complementary', { name: 'What goes in' });

/** A small network, which trains in seconds. */
async function train(page: Page, epochs: number): Promise<void> {
  await setup(page)
    .getByLabel(/^(Preset|Made from)/)
    .selectOption('mlp');
  await setup(page).getByRole('radio', { name: /^onnx/ }).check();
  await setup(page).getByLabel('Epochs', { exact: true }).fill(String(epochs));
  await setup(page)
    .getByRole('button', { name: /^(Train|Queue it)$/ })
    .click();
}

export const screens: readonly Screen[] = [
  {
    name: 'home-empty',
    hash: '#/home',
    empty: true,
    ready: (page) => page.getByText('No images yet').waitFor(),
  },
  {
    name: 'home-refused',
    hash: '#/home',
    empty: true,
    async ready(page) {
      await page.getByLabel('or a path on the server’s machine').fill('/nowhere/training.csv');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('button', { name: 'Copy details' }).waitFor();
    },
  },
  { name: 'home', hash: '#/home', ready: (page) => page.getByText('with every point').waitFor() },
  {
    name: 'home-imported',
    hash: '#/home',
    empty: true, // until now
    async ready(page) {
      await page.getByRole('button', { name: 'Try the sample faces' }).click();
      await page.getByText('Imported 240 training images').waitFor();
    },
  },
  { name: 'dataset', hash: '#/dataset', ready: (page) => Promise.all([faces(page), heat(page)]) },
  {
    name: 'dataset-filtered',
    hash: '#/dataset?keypoint=right_eyebrow_outer_end&state=missing&kind=training&duplicates=any&order=missing',
    ready: (page) => Promise.all([faces(page), heat(page)]),
  },
  {
    name: 'dataset-outliers',
    hash: '#/dataset?order=outlier',
    ready: (page) =>
      Promise.all([
        page
          .getByRole('gridcell', { name: / standard deviations$/ })
          .first()
          .waitFor(),
        heat(page),
      ]),
  },
  {
    name: 'dataset-nothing',
    hash: '#/dataset?keypoint=nose_tip&state=absent&complete=yes',
    ready: (page) => page.getByText('No image is like that.').waitFor(),
  },
  {
    name: 'label',
    hash: '#/label?image=5',
    ready: (page) => page.getByRole('application', { name: /^Image 5/ }).waitFor(),
  },
  {
    name: 'label-loop',
    hash: '#/label?loop=left_eye_inner_corner',
    ready: (page) => page.getByRole('application', { name: /^Image \d/ }).waitFor(),
  },
  {
    name: 'samples',
    hash: '#/samples',
    ready: (page) => page.getByRole('table', { name: 'Matrix so far' }).waitFor(),
  },
  {
    name: 'samples-strong',
    hash: '#/samples?image=3&epoch=2&mirror=1&rotation=45&scale=0&shift=20&blur=0&contrast=0&brightness=0&noise=0.3&cutOut=0.4',
    ready: (page) => page.getByRole('table', { name: 'Matrix so far' }).waitFor(),
  },
  {
    name: 'samples-proof',
    hash: '#/samples?shown=proof',
    ready: (page) => page.getByText('Every pair is right').waitFor(),
  },
  { name: 'models', hash: '#/models?run=1', ready: featureMaps },
  {
    name: 'models-deep',
    hash: '#/models?run=1&image=3&layer=residual2.conv2&channel=7',
    async ready(page) {
      await featureMaps(page);
      const look = page.getByRole('button', { name: /^Look through/ });
      const found = page.getByRole('button', { name: /^Image \d+, / }).first();
      await look.or(found).waitFor();
      if (await look.isVisible()) await look.click();
      await found.waitFor();
    },
  },
  {
    name: 'models-before-training',
    hash: '#/models?run=1&image=3&hide=left_eye_center',
    async ready(page) {
      await featureMaps(page);
      await page.getByRole('button', { name: 'Before training' }).click();
      await page.getByText('are hidden, most of all').nth(1).waitFor();
    },
  },
  {
    name: 'runs',
    hash: '#/runs?run=1&marked=1,2',
    ready: (page) => page.getByRole('heading', { name: 'Lineage' }).waitFor(),
  },
  {
    name: 'runs-compared',
    hash: '#/runs?shown=comparison&marked=1,2',
    ready: (page) => page.getByRole('link', { name: /^Image \d+: / }).first().waitFor(), // prettier-ignore
  },
  {
    name: 'runs-delete',
    hash: '#/runs?run=2',
    async ready(page) {
      await page.getByRole('heading', { name: 'Lineage' }).waitFor();
      await page.keyboard.press('Delete');
      await page.getByRole('heading', { name: 'Goes' }).waitFor();
    },
  },
  {
    name: 'runs-empty',
    hash: '#/runs?status=failed',
    ready: (page) => page.getByText('No run is like that').waitFor(),
  },
  {
    name: 'review',
    hash: '#/review',
    ready: (page) => page.getByRole('gridcell').first().waitFor(),
  },
  {
    name: 'review-face',
    hash: '#/review',
    async ready(page) {
      await page.getByRole('gridcell').nth(1).dblclick();
      await page.getByRole('button', { name: /^Accept this/ }).waitFor();
    },
  },
  {
    name: 'review-suspects',
    hash: '#/review?view=suspects',
    ready: (page) => page.getByRole('group', { name: 'Verdict' }).waitFor(),
  },
  {
    name: 'review-errors',
    hash: '#/review?view=errors',
    ready: (page) => page.getByRole('img', { name: /^Mean error/ }).waitFor(),
  },
  {
    name: 'review-own-pictures',
    hash: '#/review?view=pictures',
    ready: (page) => page.getByRole('button', { name: 'Use the camera' }).waitFor(),
  },
  {
    name: 'tour',
    hash: '#/home',
    async ready(page) {
      await page.getByRole('button', { name: 'Take the tour' }).click();
      await page.getByRole('complementary', { name: 'Tour' }).waitFor();
      await faces(page);
    },
  },
  {
    name: 'tour-convolution',
    hash: '#/home',
    async ready(page) {
      const tour = page.getByRole('complementary', { name: 'Tour' });
      for (let i = 0; i < 3; i++) await tour.getByRole('button', { name: 'Next' }).click();
      await featureMaps(page);
      await tour.getByText('From plain net to convolution').waitFor();
    },
  },
  {
    name: 'tour-missing-run',
    hash: '#/home',
    async ready(page) {
      const tour = page.getByRole('complementary', { name: 'Tour' });
      for (let i = 0; i < 3; i++) await tour.getByRole('button', { name: 'Next' }).click();
      await tour.getByRole('button', { name: /^Train on complete rows/ }).waitFor();
    },
  },
  {
    name: 'tour-ended',
    hash: '#/home',
    async ready(page) {
      await page.getByRole('button', { name: 'End the tour' }).click();
      await page.getByText('with every point').waitFor();
    },
  },
  {
    name: 'train-running',
    hash: '#/train',
    async ready(page) {
      await train(page, 100_000);
      await main(page)
        .getByText(/^epoch [5-9]$/)
        .waitFor();
    },
  },
  {
    name: 'train-layers',
    hash: '#/train',
    async ready(page) {
      await main(page).getByRole('button', { name: 'Stop', exact: true }).click();
      await setup(page)
        .getByLabel(/^(Preset|Made from)/)
        .selectOption('default');
      await setup(page).getByRole('button', { name: /^Edit/ }).click();
      await setup(page).getByRole('button', { name: 'Layer 5.1:' }).click();
      await setup(page).getByLabel('kernel').fill('9');
      await setup(page).getByText('A layer is wrong').waitFor();
      await main(page).getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  {
    name: 'train-finished',
    hash: '#/train',
    async ready(page) {
      await train(page, 12);
      await page.getByRole('region', { name: 'What it means' }).waitFor();
    },
  },
  {
    name: 'export',
    hash: '#/export?run=2',
    ready: (page) =>
      Promise.all([
        page.getByRole('heading', { name: 'Some of the faces' }).waitFor(),
        page.getByLabel('score').waitFor(),
      ]),
  },
  {
    name: 'export-labels',
    hash: '#/export?shown=labels',
    ready: (page) => page.getByText('first lines').waitFor(),
  },
  {
    name: 'export-model',
    hash: '#/export?shown=model&run=2',
    ready: (page) => page.getByRole('button', { name: 'Write for ONNX' }).waitFor(),
  },
  {
    name: 'export-report',
    hash: '#/export?shown=report&run=2',
    ready: (page) => page.getByRole('button', { name: 'Write the report' }).waitFor(),
  },
  {
    name: 'palette',
    hash: '#/dataset',
    async ready(page) {
      await faces(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'shortcuts',
    hash: '#/dataset',
    async ready(page) {
      await faces(page);
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog').waitFor();
    },
  },
];
