/** How fast a person fills cells, in this session and only for themselves. */

import type { ChangedCell } from '../../contract/labels.ts';

/** A longer silence is a break, in ms. */
const longestThought = 60_000;
const recent = 200;

export interface Pace {
  /** Cells filled in this session. */
  readonly cells: number;
  /** At the speed of the latest ones; null until it is known. */
  readonly perHour: number | null;
  /** In seconds. */
  readonly medianSeconds: number | null;
}

export class PaceMeter {
  #cells = 0;
  /** Those that were filled, and emptied by undo. */
  readonly #emptied = new Set<string>();
  #last: number | undefined;
  #pace: Pace | undefined;
  /** Time taken by the latest cells, in ms. */
  readonly #times: number[] = [];

  /** So many cells were filled at once. @param now in ms */
  filled(cells: number, now = performance.now()): void {
    const time = this.#last === undefined ? Infinity : (now - this.#last) / cells;
    if (time <= longestThought) {
      for (let i = 0; i < cells; i++) this.#times.push(time);
      this.#times.splice(0, this.#times.length - recent);
    }
    this.#last = now;
    this.#cells += cells;
    this.#pace = undefined;
  }

  /** Cells are as somebody's undo or redo has left them. The time that they took was taken all the same. */
  takenBack(cells: readonly ChangedCell[]): void {
    for (const { imageId, keypoint, label } of cells) {
      const cell = `${imageId} ${keypoint}`;
      if (label.state === 'missing' && this.#cells > 0) {
        this.#emptied.add(cell);
        this.#cells--;
      } else if (label.state !== 'missing' && this.#emptied.delete(cell)) this.#cells++;
    }
    this.#pace = undefined;
  }

  get pace(): Pace {
    return (this.#pace ??= this.#measure());
  }

  #measure(): Pace {
    const times = this.#times.toSorted((a, b) => a - b);
    const total = times.reduce((sum, time) => sum + time, 0);
    const known = times.length >= 5;
    return {
      cells: this.#cells,
      perHour: known ? Math.round((3_600_000 * times.length) / total) : null,
      medianSeconds: known ? times[Math.floor(times.length / 2)]! / 1000 : null,
    };
  }
}
