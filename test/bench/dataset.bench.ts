/**
 * How the dataset screen feels with 7,000 and with 100,000 images, in a real Chromium over the real server, at
 * 1920 x 1080. Times in milliseconds; `--json` prints one document.
 */
import type { Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../e2e/browser.ts';
import type { Served } from '../e2e/server.ts';
import { startServer } from '../e2e/server.ts';
import { drawWorkspace } from './large-workspace.ts';
import { percentiles } from './percentiles.ts';

const found = await findBrowser();
if ('problem' in found) throw new Error(`No browser starts here: ${found.problem}`);
const browser = await chromium.launch(found);

/** Whether every face in view is drawn, and none is still being waited for. */
function facesAreDrawn(): boolean {
  const pictures = [...document.querySelectorAll<HTMLImageElement>('[role=gridcell] img')];
  const busy = document.querySelector('main[aria-busy=true]') !== null;
  return (
    !busy &&
    pictures.length > 0 &&
    pictures.every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
  );
}

/** For what is timed within the page, whose own rules forbid to make functions from text. */
const helpers = `window.facesAreDrawn = ${facesAreDrawn}`;

async function measure(images: number): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  try {
    drawWorkspace(join(directory, 'workspace'), images);
    drawWorkspace(join(directory, 'other'), 1);
    const serve = (workspace: string) => startServer(join(directory, workspace), join(directory, 'config'));
    const started = [];
    const opened = [];
    for (let i = 0; i < 10; i++) {
      started.push(await measureStart(() => serve('workspace')));
      opened.push(await measureOpening(() => serve('other'), join(directory, 'workspace')));
    }
    const server = await serve('workspace');
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(helpers);
    await page.goto(`${server.address}#/dataset`);
    await page.waitForFunction(facesAreDrawn);
    const filters = await measureFilters(page);
    const frames = await measureScrolling(page);
    await page.close();
    await server.stop();
    return {
      images,
      ...percentiles(
        'first paint',
        started.map(({ paint }) => paint),
      ),
      ...percentiles(
        'start to faces',
        started.map(({ faces }) => faces),
      ),
      ...percentiles('open a workspace to its faces', opened),
      ...percentiles(
        'filter to points',
        filters.map(({ points }) => points),
      ),
      ...percentiles(
        'filter to pictures',
        filters.map(({ pictures }) => pictures),
      ),
      ...percentiles('frame while scrolling', frames),
      'frames late while scrolling, %':
        (100 * frames.filter((frame) => frame > 1.5 * frameTime).length) / frames.length,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The app with a workspace: a server that has opened nothing yet, and a browser that has kept nothing. */
async function measureStart(serve: () => Promise<Served>): Promise<{ paint: number; faces: number }> {
  const server = await serve();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${server.address}#/dataset`);
  await page.waitForFunction(facesAreDrawn);
  const faces = await page.evaluate(() => performance.now());
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
  );
  await page.close();
  await server.stop();
  return { paint, faces };
}

/** Another workspace in the app: from the press on "Open" to its faces on the dataset screen, which is gone to as soon as it is open. */
async function measureOpening(serve: () => Promise<Served>, workspace: string): Promise<number> {
  const server = await serve();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.addInitScript(helpers);
  await page.goto(`${server.address}#/home`);
  await page.getByLabel('A folder on the server’s machine').fill(workspace);
  await page.waitForTimeout(1000); // what the start itself takes
  const time = await page.getByRole('button', { name: 'Open', exact: true }).evaluate(async (button) => {
    const { facesAreDrawn } = window as unknown as { facesAreDrawn: () => boolean };
    const nextFrame = () => new Promise(requestAnimationFrame);
    const start = performance.now();
    (button as HTMLElement).click();
    const name = document.querySelector('h1')!;
    while (name.textContent !== 'workspace') await nextFrame();
    location.hash = '#/dataset';
    do await nextFrame();
    while (!facesAreDrawn());
    return performance.now() - start;
  });
  await page.close();
  await server.stop();
  return time;
}

/** From the click on a field of the matrix to the other faces' points on the screen, and to their pictures. */
async function measureFilters(page: Page): Promise<{ points: number; pictures: number }[]> {
  const fields = page.locator('section[aria-labelledby=matrix] button:not(.none)');
  await fields.first().waitFor();
  const times = [];
  const count = await fields.count();
  for (let i = 0; i < 40; i++)
    times.push(
      await fields.nth((7 * i) % count).evaluate(async (field) => {
        const { facesAreDrawn } = window as unknown as { facesAreDrawn: () => boolean };
        const nextFrame = () => new Promise(requestAnimationFrame);
        const main = document.querySelector('main')!;
        const { hash } = location;
        const start = performance.now();
        (field as HTMLElement).click();
        do await nextFrame();
        while (location.hash === hash || main.getAttribute('aria-busy') === 'true');
        const points = performance.now() - start;
        while (!facesAreDrawn()) await nextFrame();
        return { points, pictures: performance.now() - start };
      }),
    );
  return times;
}

const frameTime = 1000 / 60;

/** Ten seconds of the wheel, at about five rows a second. */
async function measureScrolling(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const frame = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { frames });
  });
  await page.mouse.move(960, 600);
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    await page.mouse.wheel(0, 100);
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(2));
}

const results = [];
for (const images of [7_000, 100_000]) results.push(await measure(images));
await browser.close();
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const name of Object.keys(results[0]!))
    console.log(
      name.padEnd(36),
      ...results.map((result) => result[name]!.toFixed(name === 'images' ? 0 : 1).padStart(10)),
    );
