/**
 * How the label editor feels, in Chromium on the real server, at the competition's size and at 100,000 images:
 * milliseconds from a key or a click to the frame that shows what it did, beside the same on an empty page, and what
 * memory the page takes after 200 labelled images and after 2,000 more. `--json` prints one document.
 *
 * Chromium keeps back whatever comes between a click and its frame, the service's answer too. So the time to
 * "acknowledged" ends where somebody else at the server hears of the change, who is told after the database has it.
 */
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../e2e/browser.ts';
import { connectClient } from '../e2e/client.ts';
import { startServer } from '../e2e/server.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentiles } from './percentiles.ts';

/** How often each is timed. */
const turns = 60;
/** A keypoint that most images lack. */
const column = 'left_eye_inner_corner';
const soak = { warmUp: 200, images: 2_000 };
const frame = 1000 / 60;

interface Wait {
  /** What the screen has to show. */
  readonly until: 'anything' | 'marker' | 'saved' | 'next image';
  readonly from: 'pointerdown' | 'pointerup' | 'keydown';
}

/** What `watch` keeps in the page. */
interface Watched {
  readonly times: number[];
  /** When each was begun, in milliseconds since 1970. */
  readonly begun: number[];
  paused: boolean;
}

/** Runs in the page: notes how long it takes from an event until the screen shows that it has had its effect. */
function watch({ until, from }: Wait): void {
  const stage = document.querySelector('[role=application]');
  const image = () => stage?.getAttribute('aria-label')?.split('.')[0];
  const watched: Watched = { times: [], begun: [], paused: false };
  Object.assign(window, { watched });
  addEventListener(
    from,
    ({ timeStamp }) => {
      if (watched.paused) return;
      watched.begun.push(performance.timeOrigin + timeStamp);
      const before = image();
      const isDone = () => {
        if (until === 'marker') return stage!.querySelector('svg .selected.visible') !== null;
        if (until === 'saved')
          return document.querySelector('footer [role=status]')!.textContent.trim() === 'saved';
        return until === 'anything' || image() !== before;
      };
      // Looks behind each frame: what is there then is on the screen.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () =>
        isDone() ? watched.times.push(performance.now() - timeStamp) : requestAnimationFrame(look);
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

/** @param act does once what is timed, and returns when everything is there for the next time */
async function timesOf(page: Page, wait: Wait, act: (turn: number) => Promise<void>): Promise<Watched> {
  await page.evaluate(watch, wait);
  const pause = (paused: boolean) =>
    page.evaluate((paused) => {
      (window as unknown as { watched: Watched }).watched.paused = paused;
    }, paused);
  for (let turn = 0; turn < turns; turn++) {
    await pause(true);
    await answerBlind(page, turn);
    await pause(false);
    await act(turn);
    await page.waitForTimeout(60 + frame * Math.random()); // A person acts at any time of a frame.
  }
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched);
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
    { polling: 25 }, // with every frame, it would be part of what is timed
  );
}

/** Now and then a labelled cell comes again without its point, and without a proposal: it is answered, and not timed. */
async function answerBlind(page: Page, turn: number): Promise<void> {
  const isBlind = () =>
    location.hash.includes('loop') && !document.querySelector('[role=application] svg .proposal');
  if (!(await page.evaluate(isBlind))) return;
  await aim(page, turn);
  await page.mouse.down();
  await page.mouse.up();
  await page.getByText('You have seen this point again').waitFor();
  await toNext(page, () => page.keyboard.press('Space'));
}

/** Above the face, where no point is taken hold of; never twice at one place, as the other half of a double click is. */
async function aim(page: Page, turn: number): Promise<void> {
  const box = (await page.getByRole('application').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2 - 150 + 37 * (turn % 9), box.y + 62 + 3 * (turn % 11));
  await page.waitForTimeout(40 + frame * Math.random());
}

async function clickSlowly(page: Page, turn: number): Promise<void> {
  await aim(page, turn);
  await page.mouse.down();
  await page.waitForTimeout(60 + frame * Math.random());
  await toNext(page, () => page.mouse.up());
}

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

/** Of others' changes, in milliseconds since 1970. */
async function hear(address: string): Promise<{ times: number[]; close: () => void }> {
  const { client, close } = await connectClient(address);
  const times: number[] = [];
  const changes = await client.changes();
  void (async () => {
    for await (const { type } of changes)
      if (type === 'labels') times.push(performance.timeOrigin + performance.now());
  })().catch(() => undefined); // it was closed
  return { times, close };
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
