/**
 * How the label editor feels, in Chromium on the real server, at the competition's size and at 100,000 images:
 * milliseconds from a key or a click to the frame that shows what it did, beside the same on an empty page, and what
 * memory the page takes after 200 labelled images and after 2,000 more. `--json` prints one document.
 */
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../e2e/browser.ts';
import { startServer } from '../e2e/server.ts';
import { answerBlind, clickSlowly, hear, open, timesOf, toNext } from './label-page.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentiles } from './percentiles.ts';

/** A keypoint that most images lack. */
const column = 'left_eye_inner_corner';
const soak = { warmUp: 200, images: 2_000 };

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

/** Of the page's objects and of its whole process, where the system tells, in MB. */
async function memory(browser: Browser, page: Page): Promise<{ heap: number; process: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer' && platform() === 'linux')
    .map(({ id }) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1e3);
  return { heap: usedSize / 1e6, process: Math.max(0, ...sizes) };
}

/** One key for each cell, all with a proposal. */
async function fill(page: Page, images: number): Promise<void> {
  for (let i = 0; i < images; i++) {
    await answerBlind(page, i);
    await toNext(page, () => page.keyboard.press('Enter'));
  }
}

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

    await open(page, origin, loop);
    await fill(page, soak.warmUp);
    const before = await memory(browser, page);
    await fill(page, soak.images);
    const after = await memory(browser, page);
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
      'heap after 200 images, MB': before.heap,
      'heap after 2,000 more, MB': after.heap,
      'process after 200 images, MB': before.process,
      'process after 2,000 more, MB': after.process,
    };
  } finally {
    await page.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const found = await findBrowser();
if ('problem' in found) throw new Error(`No browser starts on this machine: ${found.problem}`);
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
