/** test/pictures/take.ts FOLDER: pictures of every screen. Exit code 1 where text is cut off. */
import type { Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../e2e/browser.ts';
import { startServer } from '../e2e/server.ts';
import { screens } from './screens.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const schemes = ['dark', 'light'] as const;

/** Trains within seconds, for the screens that show runs. */
const tinyNetwork = [
  { type: 'conv', filters: 8, kernel: 5, stride: 3 },
  { type: 'relu' },
  { type: 'flatten' },
  { type: 'dense', units: 24 },
];

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where the pictures go: take.ts FOLDER');
const found = await findBrowser();
if ('problem' in found) throw new Error(`No browser starts here: ${found.problem}`);
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'fiducial-pictures-'));
const browser = await chromium.launch(found);
try {
  const fiducial = (...parameters: string[]) =>
    execFileSync(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), ...parameters], {
      stdio: 'ignore',
    });
  fiducial('sample', join(scratch, 'faces.zip'));
  fiducial('import', join(scratch, 'faces.zip'), '--workspace', join(scratch, 'faces'));
  fiducial('train', '--preset', 'default', '--epochs', '2', '--workspace', join(scratch, 'faces'));
  writeFileSync(join(scratch, 'network.json'), JSON.stringify({ layers: tinyNetwork }));
  fiducial('train', '--spec', join(scratch, 'network.json'), '--epochs', '4', '--workspace', join(scratch, 'faces')); // prettier-ignore
  fiducial('export', 'submission', '--out', join(scratch, 'submission.csv'), '--workspace', join(scratch, 'faces')); // prettier-ignore
  for (const viewport of sizes)
    for (const colorScheme of schemes) {
      // Screens train runs and keep settings: each pass begins where the others did.
      const pass = join(scratch, `${viewport.width}-${colorScheme}`);
      const serve = (name: string) => startServer(join(pass, name), join(pass, 'config'));
      cpSync(join(scratch, 'faces'), join(pass, 'faces'), { recursive: true });
      const servers = { faces: await serve('faces'), empty: await serve('empty') };
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      page.setDefaultTimeout(180_000); // a busy machine is no failure
      for (const { name, hash, empty, ready } of screens) {
        await page.goto(`${(empty ? servers.empty : servers.faces).address}${hash}`);
        await ready(page);
        await page.evaluate(() =>
          Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))),
        );
        const file = `${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(folder, file) });
        for (const text of await cutOff(page)) {
          console.error(`${file}: cut off: ${text}`);
          process.exitCode = 1;
        }
      }
      await page.close();
      await Promise.all([servers.faces.stop(), servers.empty.stop()]);
    }
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`Pictures of ${screens.length} screens are in ${folder}.`);

/** Texts that do not fit where they stand, unless they say themselves that they go on (an ellipsis) or can be scrolled. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const owners = [...document.querySelectorAll<HTMLElement>('body *')].filter(
      (element) =>
        element instanceof HTMLElement && // text of a drawing has no box that cuts it off
        element.clientWidth > 1 && // not for screen readers only
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
    );
    return owners
      .filter((element) => {
        const { textOverflow, display, overflowX, overflowY } = getComputedStyle(element);
        const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll';
        const tooWide = element.scrollWidth > element.clientWidth + 1 && !scrolls(overflowX);
        const tooHigh = element.scrollHeight > element.clientHeight + 2 && !scrolls(overflowY);
        return display !== 'inline' && textOverflow !== 'ellipsis' && (tooWide || tooHigh);
      })
      .map((element) => element.textContent!.trim().slice(0, 60));
  });
}
