/** The import that is under way, or the last one: it goes on whichever screen is shown. */
import { toast } from 'svelte-sonner';
import type { ImportEvent, ImportReport } from '../../contract/imports.ts';
import { ConnectionLost, service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { bytes, count, lastPart } from '../frame/format.ts';
import { session } from '../frame/session.svelte.ts';
import type { Task } from '../frame/tasks.svelte.ts';
import { tasks } from '../frame/tasks.svelte.ts';
import type { Chosen } from '../host.ts';
import { pathOf } from '../host.ts';
import { headline } from './report.ts';

/** Something that a person has, or faces drawn for trying things out. */
type Archive = Chosen | 'sample';

type Outcome =
  | { readonly type: 'done'; readonly report: ImportReport }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: Error };

type Events = AsyncIteratorObject<ImportEvent, unknown, void>;

class Importing {
  task = $state.raw<Task>();
  outcome = $state.raw<Outcome>();
  /** Whether a file is on its way to the server: that ends with the page, the import itself does not. */
  isSending = false;

  /** One at a time: while one is under way, another is not begun. */
  async start(archive: Archive): Promise<void> {
    if (this.task) return;
    await this.#show(nameOf(archive), async (task) => {
      if (archive === 'sample') return service.sample.import();
      const path = 'path' in archive ? archive.path : await this.#send(archive.file, task);
      return service.imports.run({ path });
    });
  }

  /** Shows what is under way already: another page has begun it, or this one before it was loaded anew. */
  async join(): Promise<void> {
    if (this.task) return;
    const events = await service.imports.watch();
    const first = await events.next();
    if (first.done || first.value.type !== 'begun' || this.task) return void events.return?.(undefined);
    await this.#show(first.value.name, () => Promise.resolve(events));
  }

  /** @param begin what it is to follow */
  async #show(name: string, begin: (task: Task) => Promise<Events>): Promise<void> {
    this.outcome = undefined;
    this.outcome = await tasks.run(`Importing ${name}`, async (task) => {
      this.task = task;
      try {
        const outcome = await follow(await begin(task), task);
        if (outcome.type === 'done') await session.load(); // The report and what it stands beside agree.
        return outcome;
      } catch (error) {
        return task.signal.aborted ? { type: 'cancelled' } : { type: 'failed', error: error as Error };
      } finally {
        this.task = undefined;
      }
    });
    if (address.screen !== 'home') announce(this.outcome);
  }

  async #send(file: File, task: Task): Promise<string> {
    this.isSending = true;
    try {
      return await pathOf(file, {
        signal: task.signal,
        onProgress(share) {
          task.share = share;
          task.detail = `sending ${bytes(share * file.size)} of ${bytes(file.size)}`;
        },
      });
    } finally {
      this.isSending = false;
    }
  }

  /** What a person has dropped or opened with the desktop app: it knows what to do with the folder of a workspace. */
  async open(file: File): Promise<void> {
    const { desktop } = window;
    if (!desktop) return this.start({ file });
    try {
      await desktop.open(desktop.pathOf(file));
    } catch (error) {
      this.outcome = { type: 'failed', error: error as Error };
    }
  }
}

export const importing = new Importing();

// What the desktop app was opened with comes here, too.
window.desktop?.onImport((path) => {
  address.go('home');
  void importing.start({ path });
});

session.onChange(({ type }) => {
  if (type === 'workspace') importing.outcome = undefined; // it is another workspace's
  // Where the connection breaks, the next one begins with watching, too.
  if (type === 'watching' || type === 'imports') importing.join().catch(() => undefined);
});

addEventListener('beforeunload', (event) => {
  if (importing.isSending) event.preventDefault();
});

function nameOf(archive: Archive): string {
  if (archive === 'sample') return 'the sample faces';
  return 'file' in archive ? archive.file.name : lastPart(archive.path);
}

/** To its end, also over a connection that breaks. */
async function follow(events: Events, task: Task): Promise<Outcome> {
  const cancel = () => {
    task.detail = 'cancelling';
    void service.imports.cancel();
  };
  if (task.signal.aborted) cancel();
  task.signal.addEventListener('abort', cancel);
  let part = { file: '', since: 0, rows: 0 };
  for (;;) {
    try {
      for await (const event of events) {
        if (event.type === 'done' || event.type === 'cancelled') return event;
        if (event.type === 'begun' || task.signal.aborted) continue;
        if (event.type === 'writing') {
          task.beginPart();
          task.detail = 'writing it into the workspace, which is not interrupted';
          continue;
        }
        if (event.file !== part.file) {
          part = { file: event.file, since: performance.now(), rows: event.rows };
          task.beginPart(event.share);
        }
        // From when this page has heard of it: it may have come in the middle.
        const rate = (event.rows - part.rows) / Math.max(0.1, (performance.now() - part.since) / 1000);
        task.share = event.share;
        task.detail = `${part.file.split(' > ').at(-1)}: ${count(event.rows)} rows${rate > 0 ? `, ${count(Math.round(rate))} a second` : ''}`;
      }
      throw new Error('The service ended before the import did. Nothing was imported.');
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      events = await service.imports.watch();
    }
  }
}

/** For whoever looks at something else. */
function announce(outcome: Outcome): void {
  const action = { label: 'Show', onClick: () => address.go('home') };
  if (outcome.type === 'done') toast(headline(outcome.report), { action });
  else if (outcome.type === 'failed')
    toast.error(`The import failed: ${outcome.error.message}`, { action, duration: 30_000 });
}
