/**
 * The label screen, driven and timed as a person sees it: from a key or a click to the frame that shows what it did.
 *
 * Chromium keeps back whatever comes between a click and its frame, the service's answer too. So the time to
 * "acknowledged" ends where somebody else at the server hears of the change, who is told after the database has it.
 */
import type { Page } from '@playwright/test';
import { connectClient } from '../e2e/client.ts';

/** How often each is timed. */
const turns = 60;
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
export async function open(page: Page, origin: string, query: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${origin}/#/label?${query}`);
  const shown = query.startsWith('loop') ? '.proposal' : 'g';
  await page.locator(`[role=application] svg ${shown}`).first().waitFor();
  await page.waitForTimeout(1000); // what comes next is at hand
}

/** @param act does once what is timed, and returns when everything is there for the next time */
export async function timesOf(
  page: Page,
  wait: Wait,
  act: (turn: number) => Promise<void>,
): Promise<Watched> {
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
export async function toNext(page: Page, act: () => Promise<void>): Promise<void> {
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

export async function clickSlowly(page: Page, turn: number): Promise<void> {
  await aim(page, turn);
  await page.mouse.down();
  await page.waitForTimeout(60 + frame * Math.random());
  await toNext(page, () => page.mouse.up());
}

/** Of others' changes, in milliseconds since 1970. */
export async function hear(address: string): Promise<{ times: number[]; close: () => void }> {
  const { client, close } = await connectClient(address);
  const times: number[] = [];
  const changes = await client.changes();
  void (async () => {
    for await (const { type } of changes)
      if (type === 'labels') times.push(performance.timeOrigin + performance.now());
  })().catch(() => undefined); // it was closed
  return { times, close };
}
