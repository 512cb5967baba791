/**
 * How the label editor feels, in Chromium on the real server, at the competition's size and at 100,000 images:
 * milliseconds from a key or a click to the frame that shows what it did, beside the same on an empty page, and what
 * memory the page takes after 500 labelled images and after 2,000 more. `--json` prints one document.
 */
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findBrowser } from '../e2e/browser.ts';
import type { Served } from '../e2e/server.ts';
import { startServer } from '../e2e/server.ts';
import { clickSlowly, hear, open, timesOf, toNext } from './label-page.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentiles } from './percentiles.ts';
import { openPlainPage, type PlainPage } from './plain-page.ts';

const found = await findBrowser();
if ('problem' in found) throw new Error(`No browser starts on this machine: ${found.problem}`);

/** A keypoint that most images lack. */
const column = 'left_eye_inner_corner';
const warmUp = 500;
const soaked = 2_000;

/** What no page is quicker than here: from a press to the frame behind it, with one small thing that changes. */
async function timesOfEmptyPage(page: Page): Promise<readonly number[]> {
  await page.goto('about:blank');
  await page.setContent('<p>0</p>');
  await page.evaluate(() => {
    const [text] = document.getElementsByTagName('p');
    addEventListener('pointerdown', () => (text!.textContent += '.'));
  });
  const { times } = await timesOf(page, { until: 'anything', from: 'pointerdown' }, async () => {
    await page.mouse.down();
    await page.mouse.up();
  });
  return times;
}

/** Labels so many images, one key for each cell; where there is no proposal, a labelled cell is shown again: it is passed over. */
async function fill(page: PlainPage, images: number): Promise<void> {
  const shown = () =>
    page.evaluate("document.querySelector('[role=application]').getAttribute('aria-label').split('.')[0]");
  for (let i = 0; i < images; i++) {
    const before = await shown();
    const hasProposal = await page.evaluate(
      "document.querySelector('[role=application] svg .proposal') !== null",
    );
    await page.press(hasProposal ? 'Enter' : 'Space');
    for (let wait = 0; (await shown()) === before; wait++) {
      if (wait > 1000) throw new Error(`${String(before)} stays, whatever is pressed.`);
      await setTimeout(10);
    }
  }
}

/** What the page's memory comes to. */
const soak = async (server: Served, profile: string) => {
  const page = await openPlainPage(found, server.address, profile);
  await setTimeout(2000);
  await page.evaluate(`location.hash = '#/label?loop=${column}'`);
  await setTimeout(2000);
  await fill(page, warmUp);
  const before = await page.memory();
  await fill(page, soaked);
  const after = await page.memory();
  await page.close();
  return { before, after };
};

async function measure(browser: Browser, images: number): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  drawWorkspace(join(directory, 'workspace'), images);
  const server = await startServer(join(directory, 'workspace'), join(directory, 'config'));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    const empty = await timesOfEmptyPage(page);
    const { origin } = new URL(server.address);
    await page.goto(server.address);
    const loop = `loop=${column}`;
    await open(page, origin, loop);
    const marker = await timesOf(page, { until: 'marker', from: 'pointerdown' }, (turn) =>
      clickSlowly(page, turn),
    );
    await open(page, origin, loop);
    const heard = await hear(server.address);
    const saved = await timesOf(page, { until: 'saved', from: 'pointerup' }, (turn) =>
      clickSlowly(page, turn),
    );
    heard.close();
    await open(page, origin, 'image=1');
    const image = await timesOf(page, { until: 'next image', from: 'keydown' }, () =>
      toNext(page, () => page.keyboard.press('d')),
    );

    const { before, after } = await soak(server, join(directory, 'profile'));
    return {
      images,
      ...percentiles('press to frame on an empty page, ms', empty),
      ...percentiles('click to marker, ms', marker.times),
      ...percentiles(
        'click to acknowledged, ms',
        saved.begun.map((begun, i) => heard.times[i]! - begun),
      ),
      ...percentiles('click to saved on the screen, ms', saved.times),
      ...percentiles('next image, ms', image.times),
      'heap after 500 images, MB': before.heap,
      'heap after 2,000 more, MB': after.heap,
      'process after 500 images, MB': before.process,
      'process after 2,000 more, MB': after.process,
    };
  } finally {
    await page.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const browser = await chromium.launch(found);
const sizes = [7_000, 100_000];
const results = [];
try {
  for (const images of sizes) results.push(await measure(browser, images));
} finally {
  await browser.close();
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const name of Object.keys(results[0]!))
    console.log(
      name.padEnd(40),
      ...results.map((result) => result[name]!.toFixed(name === 'images' ? 0 : 1).padStart(10)),
    );
