/** What a run says of the images that still need a person, found out in a process of its own. */
import { EventPublisher } from '@orpc/server';
import type { PredictionEvent } from '../contract/predictions.ts';
import type { Run } from '../workspace/runs.ts';
import type { Catalogue } from './catalogue.ts';
import type { WorkspaceHolder } from './holder.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Stores what the run says as it comes. Leaving the iterator early ends the process; what is stored by then stays.
 * @param onStored called when something was stored and nothing more will be
 */
export async function* makePredictions(
  {
    holder,
    supervisor,
    catalogue,
  }: { holder: WorkspaceHolder; supervisor: Supervisor; catalogue: Catalogue },
  run: Run,
  signal: AbortSignal | undefined,
  onStored: () => void,
): AsyncGenerator<PredictionEvent, void> {
  const workspace = holder.write();
  using _occupied = holder.occupy('A prediction');
  const known = new Set(workspace.predictions.imageIds(run.id));
  const images = [...catalogue.ids].filter((id, row) => catalogue.missing[row]! > 0 && !known.has(id));
  let done = 0;
  if (images.length > 0) {
    const left = new AbortController();
    const publisher = new EventPublisher<{ progress: PredictionEvent }>({ maxBufferedEvents: 1 });
    const progress = publisher.subscribe('progress');
    const predicted = supervisor.predictImages(
      run,
      images,
      ({ images: some, points }) => {
        workspace.predictions.put(run.id, some, points);
        done += some.length;
        publisher.publish('progress', { type: 'progress', done, total: images.length });
      },
      signal ? AbortSignal.any([signal, left.signal]) : left.signal,
    );
    const end = predicted.then(() => undefined);
    end.catch(() => undefined); // awaited below, perhaps later
    try {
      yield { type: 'progress', done, total: images.length };
      for (;;) {
        const next = await Promise.race([progress.next(), end]);
        if (!next || next.done) break;
        yield next.value;
      }
      await predicted;
    } finally {
      left.abort();
      await progress.return(undefined);
      await end.catch(() => undefined); // Nothing is stored once the workspace may be changed for another one.
      if (done > 0) onStored();
    }
  }
  yield { type: 'done', runId: run.id, images: done };
}
