/**
 * How long augmented samples take, on the drawn sample: made by the service alone, and on the screen in a real Chromium at
 * 1920 x 1080. Medians and, of the slider, 95th percentiles, in milliseconds. `--json` prints one document.
 */
import type { Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetRecipes } from '../../src/ml/training/recipe.ts';
import { findBrowser } from '../e2e/browser.ts';
import { startServer } from '../e2e/server.ts';
import { percentile } from './percentiles.ts';
import { openSample } from './sample-workspace.ts';

const { client, directory, leave, close } = await openSample();
const { images } = await client.images.page({ limit: 100 });
const ids = images.map(({ id }) => id);
const { augmentation } = presetRecipes.default;

async function measure(imageIds: number[], variants: number): Promise<number> {
  const times: number[] = [];
  for (let seed = 0; seed < 5; seed++) {
    const began = performance.now();
    await client.augmentation.samples({ augmentation, seed, imageIds, variants });
    times.push(performance.now() - began);
  }
  return percentile(times, 0.5);
}

/** From the click on "Reroll" until every sample of the grid is made anew and those in view are drawn. */
function reroll(page: Page): Promise<{ samples: number; milliseconds: number }> {
  return page.evaluate(async () => {
    const status = document.querySelector('main [role=status]')!;
    const samples = () => Number(/in ([\d,]+) samples/.exec(status.textContent)?.[1]?.replace(',', '') ?? 0);
    const all = samples();
    const began = performance.now();
    document.querySelector<HTMLButtonElement>('button.reroll')!.click();
    do await new Promise(requestAnimationFrame);
    while (samples() < all);
    return { samples: all, milliseconds: performance.now() - began };
  });
}

/** From a move of a slider until what is in view is drawn anew. */
function move(page: Page, strength: number): Promise<{ samples: number; milliseconds: number }> {
  return page.evaluate(async (strength) => {
    const grid = document.querySelector('[role=grid]')!;
    const slider = document.querySelectorAll<HTMLInputElement>('input[type=range]')[1]!;
    const began = performance.now();
    slider.value = String(strength);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    do await new Promise(requestAnimationFrame);
    while (grid.getAttribute('aria-busy') === 'true');
    return { samples: grid.querySelectorAll('canvas').length, milliseconds: performance.now() - began };
  }, strength);
}

async function onScreen() {
  const found = await findBrowser();
  if ('problem' in found) throw new Error(`No browser starts here: ${found.problem}`);
  const browser = await chromium.launch(found);
  const config = mkdtempSync(join(tmpdir(), 'fiducial-bench-'));
  const server = await startServer(directory, config);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`${server.address}#/samples`);
    await page.getByText(/in 1,0\d\d samples/).waitFor();
    const rerolls = [];
    for (let i = 0; i < 7; i++) rerolls.push(await reroll(page));
    const moves = [];
    for (let i = 0; i < 60; i++) moves.push(await move(page, 5 + i));
    const times = moves.map(({ milliseconds }) => milliseconds);
    return {
      samples: rerolls[0]!.samples,
      reroll: percentile(
        rerolls.map(({ milliseconds }) => milliseconds),
        0.5,
      ),
      inView: moves[0]!.samples,
      slider: { median: percentile(times, 0.5), p95: percentile(times, 0.95) },
    };
  } finally {
    await browser.close();
    await server.stop();
    rmSync(config, { recursive: true });
  }
}

const service = {
  thousand: await measure(ids, Math.ceil(1000 / ids.length)),
  forty: await measure(ids.slice(0, 10), 4),
};
await leave();
const screen = await onScreen();
await close();

if (process.argv.includes('--json')) console.log(JSON.stringify({ service, screen }));
else {
  console.log(
    `service: 1,000 samples in ${service.thousand.toFixed(0)} ms, 40 in ${service.forty.toFixed(0)} ms`,
  );
  const { median, p95 } = screen.slider;
  console.log(
    `screen: ${screen.samples} samples in ${screen.reroll.toFixed(0)} ms, a slider's effect on ${screen.inView} in ${median.toFixed(0)} ms (p95 ${p95.toFixed(0)})`,
  );
}
