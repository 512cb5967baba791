/** The import that is under way, or the last one: it goes on whichever screen is shown. */
import { toast } from 'svelte-sonner';
import type { ImportEvent, ImportReport } from '../../contract/imports.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { bytes, count } from '../frame/format.ts';
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

class Importing {
  task = $state.raw<Task>();
  outcome = $state.raw<Outcome>();

  /** One at a time: while one is under way, another is not begun. */
  async start(archive: Archive): Promise<void> {
    if (this.task) return;
    this.outcome = undefined;
    this.outcome = await tasks.run(`Importing ${nameOf(archive)}`, async (task) => {
      this.task = task;
      try {
        return { type: 'done', report: await run(archive, task) } as const;
      } catch (error) {
        return task.signal.aborted ? { type: 'cancelled' } : { type: 'failed', error: error as Error };
      } finally {
        this.task = undefined;
      }
    });
    if (address.screen !== 'home') announce(this.outcome);
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

// A closed page is an import cancelled.
addEventListener('beforeunload', (event) => {
  if (importing.task) event.preventDefault();
});

function nameOf(archive: Archive): string {
  if (archive === 'sample') return 'the sample faces';
  return 'file' in archive
    ? archive.file.name
    : (archive.path.split(/[\\/]/).findLast((part) => part !== '') ?? archive.path);
}

async function run(archive: Archive, task: Task): Promise<ImportReport> {
  if (archive === 'sample') {
    task.detail = 'drawing faces';
    return follow(await service.sample.import(undefined, { signal: task.signal }), task);
  }
  const path = 'path' in archive ? archive.path : await send(archive.file, task);
  return follow(await service.imports.run({ path }, { signal: task.signal }), task);
}

function send(file: File, task: Task): Promise<string> {
  const onProgress = (share: number) => {
    task.share = share;
    task.detail = `sending ${bytes(share * file.size)} of ${bytes(file.size)}`;
  };
  return pathOf(file, { signal: task.signal, onProgress });
}

async function follow(events: AsyncIterable<ImportEvent>, task: Task): Promise<ImportReport> {
  let reading = '';
  let since = performance.now();
  for await (const event of events) {
    if (event.type === 'done') return event.report;
    if (event.file !== reading) {
      reading = event.file;
      since = performance.now();
      task.beginPart();
    }
    const rate = event.rows / Math.max(0.1, (performance.now() - since) / 1000);
    task.share = event.share;
    task.detail = `${reading.split(' > ').at(-1)}: ${count(event.rows)} rows, ${count(Math.round(rate))} a second`;
  }
  throw new Error('The import ended without a report.');
}

/** For whoever looks at something else. */
function announce(outcome: Outcome): void {
  const action = { label: 'Show', onClick: () => address.go('home') };
  if (outcome.type === 'done') toast(headline(outcome.report), { action });
  else if (outcome.type === 'failed')
    toast.error(`The import failed: ${outcome.error.message}`, { action, duration: 30_000 });
}
