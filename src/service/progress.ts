/** Work that tells how far it is, as events. */
import { EventPublisher } from '@orpc/server';

interface Progress {
  readonly type: 'progress';
  readonly done: number;
  readonly total: number;
}

/**
 * Of progress only the latest is told. Leaving the iterator early ends the work.
 * @param work aborts when its signal says so
 * @returns what the work comes to
 */
export async function* progressOf<T>(
  work: (onProgress: (done: number, total: number) => void, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, T> {
  const left = new AbortController();
  const publisher = new EventPublisher<{ progress: Progress }>({ maxBufferedEvents: 1 });
  const progress = publisher.subscribe('progress');
  const result = work(
    (done, total) => publisher.publish('progress', { type: 'progress', done, total }),
    signal ? AbortSignal.any([signal, left.signal]) : left.signal,
  );
  const end = result.then(() => undefined);
  end.catch(() => undefined); // awaited below, perhaps later
  try {
    for (;;) {
      const next = await Promise.race([progress.next(), end]);
      if (!next || next.done) break;
      yield next.value;
    }
    return await result;
  } finally {
    left.abort();
    await progress.return(undefined);
    await end.catch(() => undefined);
  }
}
