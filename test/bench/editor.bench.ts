/**
 * How the label editor feels, in Chromium on the real server, at the competition's size and at 100,000 images:
 * milliseconds from a key or a click to the frame that shows what it did, and whether memory grows. `--json` prints one
 * document.
 */
import type { CDPSession, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../e2e/browser.ts';
import { startServer } from '../e2e/server.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentiles } from './percentiles.ts';

/** How often each is timed. */
const turns = 60;
/** A keypoint that most images lack. */
const column = 'left_eye_inner_corner';
const soak = { warmUp: 200, images: 2_000 };

interface Wait {
  readonly until: 'marker' | 'saved' | 'image';
  readonly from: string;
}

/** What `watch` keeps in the page. */
interface Watched {
  times: number[];
  paused: boolean;
}

/** Runs in the page: notes how long it takes from an event until the page shows that it has had its effect. */
function watch({ until, from }: Wait): void {
  const stage = document.querySelector('[role=application]')!;
  const status = document.querySelector('footer [role=status]')!;
  const image = () => stage.getAttribute('aria-label')!.split('.')[0];
  const times: number[] = [];
  Object.assign(window, { times, paused: false });
  addEventListener(
    from,
    ({ timeStamp }) => {
      if ((window as unknown as Watched).paused) return;
      const before = image();
      let saving = false;
      const isDone = () => {
        saving ||= status.textContent.includes('saving');
        if (until === 'marker') return stage.querySelector('svg .selected.visible') !== null;
        if (until === 'image') return image() !== before;
        return saving && status.textContent.includes('saved');
      };
      const note = () => times.push(performance.now() - timeStamp);
      if (until === 'saved') {
        const observer = new MutationObserver(() => {
          if (!isDone()) return;
          observer.disconnect();
          note();
        });
        observer.observe(status, { childList: true, characterData: true, subtree: true });
        return;
      }
      // Looks behind each frame: what is there then is on the screen.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (isDone() ? note() : requestAnimationFrame(look));
      const look = () => port2.postMessage(null);
      requestAnimationFrame(look);
    },
    { capture: true },
  );
}

/** Opens the screen anew, so that nothing watches from before. */
async function open(page: Page, origin: string, query: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${origin}/#/label?${query}`);
  const shown = query.startsWith('loop') ? '.proposal' : 'g';
  await page.locator(`[role=application] svg ${shown}`).first().waitFor();
  await page.waitForTimeout(1000); // what comes next is at hand
}

/** @param act does once what is timed, and returns when the next image is there */
async function timesOf(page: Page, wait: Wait, act: (turn: number) => Promise<void>): Promise<number[]> {
  await page.evaluate(watch, wait);
  const pause = (paused: boolean) =>
    page.evaluate((paused) => void Object.assign(window, { paused }), paused);
  for (let turn = 0; turn < turns; turn++) {
    await pause(true);
    await answerBlind(page, turn);
    await pause(false);
    await act(turn);
    await page.waitForTimeout(60);
  }
  return page.evaluate(() => (window as unknown as Watched).times);
}

/** Does what brings the next image, and waits for it. */
async function toNext(page: Page, act: () => Promise<void>): Promise<void> {
  const before = await page.evaluate(
    () => document.querySelector('[role=application]')!.getAttribute('aria-label')!.split('.')[0],
  );
  await act();
  await page.waitForFunction(
    (shown) =>
      document.querySelector('[role=application]')!.getAttribute('aria-label')!.split('.')[0] !== shown,
    before,
  );
}

/** Now and then a labelled cell comes again without its point, and without a proposal: that is answered, and not timed. */
async function answerBlind(page: Page, turn: number): Promise<void> {
  const isBlind = () =>
    location.hash.includes('loop') && !document.querySelector('[role=application] svg .proposal');
  if (!(await page.evaluate(isBlind))) return;
  await press(page, turn);
  await page.mouse.up();
  await page.getByText('You have seen this point again').waitFor();
  await toNext(page, () => page.keyboard.press('Space'));
}

/** Above the face, where no point is taken hold of; never twice at one place, as the other half of a double click is. */
async function press(page: Page, turn: number): Promise<void> {
  const box = (await page.getByRole('application').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2 - 150 + 37 * (turn % 9), box.y + 62 + 3 * (turn % 11));
  await page.mouse.down();
}

async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/** One key for each cell, all with a proposal. */
async function fill(page: Page, images: number): Promise<void> {
  for (let i = 0; i < images; i++) {
    await answerBlind(page, i);
    await toNext(page, () => page.keyboard.press('Enter'));
  }
}

async function measure(page: Page, images: number): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  const result: Record<string, number> = { images };
  drawWorkspace(join(directory, 'workspace'), images);
  const server = await startServer(join(directory, 'workspace'), join(directory, 'config'));
  try {
    const { origin } = new URL(server.address);
    await page.goto(server.address);
    await open(page, origin, `loop=${column}`);
    const marker = await timesOf(page, { until: 'marker', from: 'pointerdown' }, async (turn) => {
      await press(page, turn);
      await page.waitForTimeout(100);
      await toNext(page, () => page.mouse.up());
    });
    await open(page, origin, `loop=${column}`);
    const acknowledged = await timesOf(page, { until: 'saved', from: 'pointerup' }, async (turn) => {
      await press(page, turn);
      await page.waitForTimeout(50);
      await toNext(page, () => page.mouse.up());
      await page.waitForFunction(() => document.querySelector('footer')!.textContent.includes('saved'));
    });
    await open(page, origin, 'image=1');
    const image = await timesOf(page, { until: 'image', from: 'keydown' }, () =>
      toNext(page, () => page.keyboard.press('d')),
    );
    Object.assign(
      result,
      percentiles('click to marker, ms', marker),
      percentiles('click to acknowledged, ms', acknowledged),
      percentiles('next image, ms', image),
    );

    await open(page, origin, `loop=${column}`);
    const session = await page.context().newCDPSession(page);
    await fill(page, soak.warmUp);
    const before = await heap(session);
    await fill(page, Math.min(soak.images, images - 400));
    result['heap after 200 images, MB'] = before;
    result['heap after 2,000 more, MB'] = await heap(session);
    await session.detach();
    return result;
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const found = await findBrowser();
if ('problem' in found) throw new Error(`No browser starts on this machine: ${found.problem}`);
const browser = await chromium.launch(found);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const sizes = [7_000, 100_000];
const results = [];
try {
  for (const images of sizes) results.push(await measure(page, images));
} finally {
  await browser.close();
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const name of Object.keys(results[0]!))
    console.log(
      name.padEnd(36),
      ...results.map((result) => result[name]!.toFixed(name === 'images' ? 0 : 1).padStart(10)),
    );
