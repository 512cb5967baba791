/** An import as a stream of progress that ends with its report. */
import { EventPublisher } from '@orpc/server';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportEvent } from '../contract/imports.ts';
import { importArchive } from '../workspace/import/import.ts';
import { writeSampleArchive } from '../workspace/sample/sample.ts';
import type { WorkspaceHolder } from './holder.ts';

/** Progress is sent at most this often, in milliseconds. */
const interval = 100;

/**
 * Leaving the iterator early cancels the import.
 * @param onImported called when it is in the database, whether or not anybody still listens
 * @throws InputProblem as importArchive
 */
export async function* importEvents(
  holder: WorkspaceHolder,
  path: string,
  groupColumn: string | undefined,
  signal: AbortSignal | undefined,
  onImported: () => void,
): AsyncGenerator<ImportEvent, void> {
  const workspace = holder.write({ create: true });
  using _occupied = holder.occupy('An import');
  const left = new AbortController();
  const publisher = new EventPublisher<{ progress: ImportEvent }>({ maxBufferedEvents: 1 });
  const progress = publisher.subscribe('progress');
  let sent = 0;
  const report = importArchive(workspace, path, {
    ...(groupColumn === undefined ? {} : { groupColumn }),
    signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
    onProgress: ({ file, rows, share }) => {
      if (file === '' || performance.now() - sent < interval) return;
      sent = performance.now();
      publisher.publish('progress', { type: 'progress', file, rows, share });
    },
  });
  const done = report.then(onImported);
  done.catch(() => undefined); // awaited below, perhaps later
  try {
    for (;;) {
      const next = await Promise.race([progress.next(), done]);
      if (!next || next.done) break;
      yield next.value;
    }
    yield { type: 'done', report: await report };
  } finally {
    left.abort();
    await report.catch(() => undefined); // Nothing is written once the workspace may be changed for another one.
    await progress.return(undefined);
  }
}

/** The sample faces: an archive that is drawn, imported and thrown away. @throws InputProblem as importArchive */
export async function* sampleEvents(
  holder: WorkspaceHolder,
  signal: AbortSignal | undefined,
  onImported: () => void,
): AsyncGenerator<ImportEvent, void> {
  const folder = await mkdtemp(join(tmpdir(), 'fiducial-sample-'));
  try {
    const archive = join(folder, 'sample-faces.zip');
    await writeSampleArchive(archive);
    yield* importEvents(holder, archive, undefined, signal, onImported);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
