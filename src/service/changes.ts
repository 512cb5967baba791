/** What changes in the workspace, told to everybody who watches. */
import { EventPublisher } from '@orpc/server';
import type { ChangedCell } from '../contract/labels.ts';
import type { Change } from '../contract/changes.ts';
import type { Caller } from './caller.ts';

/** An event names at most this many cells. */
const mostCells = 1000;

export class ChangeFeed {
  /** A watcher reads as fast as its connection is written to: so many are only behind when that is stuck. */
  readonly #events = new EventPublisher<{ change: Change }>({ maxBufferedEvents: 10_000 });

  /** @param cells as they are now; nothing is told when there are none */
  tellLabels({ user, client }: Caller, cells: ChangedCell[]): void {
    if (cells.length === 0) return;
    const more = cells.length > mostCells;
    this.#events.publish('change', {
      type: 'labels',
      user,
      client,
      cells: more ? cells.slice(0, mostCells) : cells,
      more,
    });
  }

  tell(type: Exclude<Change['type'], 'watching' | 'labels'>): void {
    this.#events.publish('change', { type });
  }

  async *watch({ user, client }: Caller, signal?: AbortSignal): AsyncGenerator<Change, void> {
    const events = this.#events.subscribe('change', signal ? { signal } : {});
    try {
      yield { type: 'watching', user, client };
      yield* events;
    } finally {
      await events.return(undefined);
    }
  }
}
