/**
 * The import that is under way. It goes on whoever listens, until it is done, has failed or is cancelled; how one ended
 * that nobody listened to is kept for whoever asks next.
 */
import { EventPublisher } from '@orpc/server';
import type { ImportEvent, ImportReport } from '../contract/imports.ts';
import type { ImportOptions } from '../workspace/import/import.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { ChangeFeed } from './changes.ts';
import type { WorkspaceHolder } from './holder.ts';
import { conflict } from './problems.ts';

/** Progress is sent at most this often, in milliseconds. */
const interval = 100;

type Work = (
  workspace: Workspace,
  options: Required<Pick<ImportOptions, 'signal' | 'onProgress'>>,
) => Promise<ImportReport>;

interface Import {
  readonly name: string;
  readonly cancelling: AbortController;
  readonly progress: EventPublisher<{ progress: ImportEvent }>;
  readonly report: Promise<ImportReport>;
  hasEnded: boolean;
  /** Whether somebody has been told how it ended. */
  isTold: boolean;
}

export class Imports {
  readonly #holder: WorkspaceHolder;
  readonly #feed: ChangeFeed;
  #latest: Import | undefined;

  constructor(holder: WorkspaceHolder, feed: ChangeFeed) {
    this.#holder = holder;
    this.#feed = feed;
  }

  /**
   * Begins one, and follows it.
   * @param name as people know what is imported
   * @throws CONFLICT while another one is under way; InputProblem when the workspace cannot be written
   */
  start(name: string, signal: AbortSignal | undefined, work: Work): AsyncGenerator<ImportEvent, void> {
    if (this.#latest?.hasEnded === false)
      throw conflict('An import is under way.', { hint: 'Cancel it, or wait until it has ended.' });
    this.#latest = this.#begin(name, this.#holder.write({ create: true }), work);
    this.#feed.tell('imports');
    return follow(this.#latest, signal);
  }

  /** Follows the one that is under way, or tells how the last one ended if nobody knows; otherwise there is no event. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<ImportEvent, void> {
    const latest = this.#latest;
    if (latest && (!latest.hasEnded || !latest.isTold)) yield* follow(latest, signal);
  }

  /** Resolves when none is under way any more. */
  async cancel(): Promise<void> {
    this.#latest?.cancelling.abort();
    await this.#latest?.report.catch(() => undefined);
  }

  #begin(name: string, workspace: Workspace, work: Work): Import {
    const cancelling = new AbortController();
    const progress: Import['progress'] = new EventPublisher({ maxBufferedEvents: 1 });
    const occupied = this.#holder.occupy('An import');
    let sent = 0;
    const report = work(workspace, {
      signal: cancelling.signal,
      onProgress: ({ stage, file, rows, share }) => {
        if (stage === 'writing') return void progress.publish('progress', { type: 'writing' });
        if (performance.now() - sent < interval) return;
        sent = performance.now();
        progress.publish('progress', { type: 'progress', file, rows, share });
      },
    }).finally(() => {
      occupied[Symbol.dispose]();
      begun.hasEnded = true;
    });
    report.then(
      () => this.#feed.tell('images'),
      () => undefined, // followers are told
    );
    const begun = { name, cancelling, progress, report, hasEnded: false, isTold: false };
    return begun;
  }
}

/** @throws what the import has failed for */
async function* follow(it: Import, signal: AbortSignal | undefined): AsyncGenerator<ImportEvent, void> {
  const progress = it.progress.subscribe('progress', signal ? { signal } : {});
  const ended = it.report.then(
    () => undefined,
    () => undefined,
  );
  try {
    yield { type: 'begun', name: it.name };
    for (;;) {
      const next = await Promise.race([progress.next(), ended]);
      if (!next || next.done) break;
      yield next.value;
    }
    const last = outcome(it);
    it.isTold = true;
    yield await last;
  } finally {
    await progress.return(undefined);
  }
}

async function outcome({ report, cancelling }: Import): Promise<ImportEvent> {
  try {
    return { type: 'done', report: await report };
  } catch (error) {
    if (cancelling.signal.aborted) return { type: 'cancelled' };
    throw error;
  }
}
