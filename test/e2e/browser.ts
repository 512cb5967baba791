/** Which Chromium the end-to-end tests drive: the system's, else the one inside the package @sparticuz/chromium. */
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
}

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The first that starts, or why none does. */
export async function findBrowser(): Promise<Browser | { readonly problem: string }> {
  const problems: string[] = [];
  for (const candidate of [...systemPaths.filter(existsSync).map(system), packaged])
    try {
      const found = await candidate();
      await (await chromium.launch(found)).close();
      return found;
    } catch (error) {
      problems.push(error instanceof Error ? error.message.split('\n')[0]! : String(error));
    }
  return { problem: problems.join('; ') };
}

/** Containers have no user namespaces for Chromium's sandbox; the pages are our own. */
const args = ['--no-sandbox'];

const system = (executablePath: string) => () => Promise.resolve({ executablePath, args });

/** Unpacks itself into the system's folder for temporary files. Its own arguments would turn web security off. */
async function packaged(): Promise<Browser> {
  const { default: sparticuz } = await import('@sparticuz/chromium');
  return { executablePath: await sparticuz.executablePath(), args };
}
