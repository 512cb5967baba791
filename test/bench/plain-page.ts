/**
 * A page of Chromium that is only told what to press and asked what it shows. Playwright keeps what a page has fetched, and
 * does so inside the page's process: that would count as the memory which the page takes.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Browser } from '../e2e/browser.ts';

const keys = {
  Enter: { key: 'Enter', text: '\r', windowsVirtualKeyCode: 13 },
  Space: { key: ' ', text: ' ', windowsVirtualKeyCode: 32 },
};

export interface PlainPage {
  /** What an expression is in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>;
  press(code: keyof typeof keys): Promise<void>;
  /** Of the page's objects after a collection, and of its whole process where the system tells, in MB. */
  memory(): Promise<{ heap: number; process: number }>;
  close(): Promise<void>;
}

/** @param profile a folder for what the browser keeps */
export async function openPlainPage(
  { executablePath, args }: Browser,
  address: string,
  profile: string,
): Promise<PlainPage> {
  const browser = spawn(
    executablePath,
    [
      ...args,
      '--headless=new',
      '--remote-debugging-port=0',
      '--window-size=1280,800',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise((resolve) => browser.once('exit', resolve));
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = '';
    browser.stderr.on('data', (part: Buffer) => {
      said += part.toString();
      const [found] = /ws:\/\/\S+/.exec(said) ?? [];
      if (found) resolve(found);
    });
    browser.once('exit', () => reject(new Error(`Chromium ended: ${said}`)));
  });
  const opened = await fetch(`http://${new URL(endpoint).host}/json/new?${encodeURIComponent(address)}`, {
    method: 'PUT',
  });
  const target = (await opened.json()) as { webSocketDebuggerUrl: string };
  const whole = await connect(endpoint);
  const page = await connect(target.webSocketDebuggerUrl);
  return {
    async evaluate(expression) {
      const { result } = (await page('Runtime.evaluate', { expression, returnByValue: true })) as {
        result: { value?: unknown };
      };
      return result.value;
    },
    async press(code) {
      const { text, ...key } = keys[code];
      await page('Input.dispatchKeyEvent', { type: 'keyDown', code, text, ...key });
      await page('Input.dispatchKeyEvent', { type: 'keyUp', code, ...key });
    },
    async memory() {
      await page('HeapProfiler.collectGarbage');
      const { usedSize } = (await page('Runtime.getHeapUsage')) as { usedSize: number };
      const { processInfo } = (await whole('SystemInfo.getProcessInfo')) as {
        processInfo: { type: string; id: number }[];
      };
      const sizes = processInfo
        .filter(({ type }) => type === 'renderer' && platform() === 'linux')
        .map(
          ({ id }) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1e3,
        );
      return { heap: usedSize / 1e6, process: Math.max(0, ...sizes) };
    },
    async close() {
      await whole('Browser.close');
      await exited;
      await setTimeout(200); // its helpers still write to the profile
    },
  };
}

type Call = (method: string, parameters?: object) => Promise<unknown>;

/** Chromium's own protocol: https://chromedevtools.github.io/devtools-protocol */
async function connect(endpoint: string): Promise<Call> {
  const socket = new WebSocket(endpoint);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let calls = 0;
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      const hear = (data: Buffer) => {
        const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown; error?: object };
        if (answer.id !== id) return;
        socket.off('message', hear);
        if (answer.error) reject(new Error(`${method}: ${JSON.stringify(answer.error)}`));
        else resolve(answer.result);
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method, params }));
    });
}
