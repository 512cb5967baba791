/**
 * The cells that still need a person, one after the other.
 *
 * Labelling changes what some orders go by, and which images a filter asks for. So whoever works through a queue keeps
 * the order that it had when they began, and an image that they are in the middle of stays in it to its last cell.
 */
import type { Cell, ImageFilter } from '../contract/cells.ts';
import type { AheadInput } from '../contract/queue.ts';
import type { Caller } from './caller.ts';
import type { Catalogue } from './catalogue.ts';
import { notFound } from './problems.ts';
import type { Selections } from './selections.ts';

/** Queues that are remembered, each for one client and selection. */
const mostQueues = 20;

export class Queue {
  readonly #selections: Selections;
  /** [rows] of the catalogue that each began with, which differ only by what was added since. */
  readonly #orders = new Map<string, Int32Array>();

  constructor(selections: Selections) {
    this.#selections = selections;
  }

  /** @throws InputProblem when the filter names a keypoint that there is not */
  async ahead({ client }: Caller, input: AheadInput): Promise<{ cells: Cell[]; remaining: number }> {
    const { filter, order, reversed, keypoint, after, backwards, count } = input;
    const matching = await this.#selections.matching(filter);
    const { workspace, catalogue } = matching;
    let { rows } = matching;
    const key = JSON.stringify([workspace.directory, client, filter, order, reversed, keypoint]);
    const begun = after && this.#orders.get(key);
    const ordered =
      begun?.length === catalogue.ids.length
        ? begun
        : await this.#selections.ordered(matching, { filter, order, reversed }, keypoint);
    this.#remember(key, ordered);

    const { ids, keypoints, states } = catalogue;
    const [step, size] = [backwards ? -1 : 1, ordered.length * keypoints];
    let place = backwards ? size : -1;
    if (after) {
      const row = catalogue.rowOf(after.imageId);
      if (row < 0) throw notFound(`There is no image ${after.imageId}.`);
      rows = rows.with(row, 1);
      place = ordered.indexOf(row) * keypoints + after.keypoint;
    }
    const cells: Cell[] = [];
    // Once round: the cell that it begins at comes last.
    for (let seen = 0; seen < size && cells.length < count; seen++) {
      place = (place + step + size) % size;
      const k = place % keypoints;
      const row = ordered[(place - k) / keypoints]!;
      if (rows[row] === 1 && states[row * keypoints + k] === 0 && (keypoint ?? k) === k)
        cells.push({ imageId: ids[row]!, keypoint: k });
    }
    return { cells, remaining: remainingOf(catalogue, rows, keypoint) };
  }

  /** @throws InputProblem when the filter names a keypoint that there is not */
  next(filter: ImageFilter, limit: number) {
    return this.#selections.next(filter, limit);
  }

  /** @throws InputProblem when the filter names a keypoint that there is not */
  async counts({ user }: Caller, filter: ImageFilter) {
    const { workspace, catalogue, rows } = await this.#selections.matching(filter);
    const missing = missingOf(catalogue, rows);
    const midnight = new Date();
    midnight.setHours(0, 0, 0, 0);
    return {
      cells: sum(rows) * catalogue.keypoints,
      remaining: sum(missing),
      missing,
      today: workspace.history.labelledSince({ kind: 'human', name: user }, midnight),
    };
  }

  #remember(key: string, ordered: Int32Array): void {
    this.#orders.delete(key);
    this.#orders.set(key, ordered);
    if (this.#orders.size > mostQueues) this.#orders.delete(this.#orders.keys().next().value!);
  }
}

/** @param keypoint all of them where none is named */
function remainingOf(
  { missing, states, keypoints }: Catalogue,
  rows: Uint8Array,
  keypoint: number | undefined,
): number {
  let remaining = 0;
  for (let row = 0; row < rows.length; row++)
    if (rows[row] === 1)
      remaining += keypoint === undefined ? missing[row]! : Number(states[row * keypoints + keypoint] === 0);
  return remaining;
}

/** By keypoint. */
function missingOf({ states, keypoints }: Catalogue, rows: Uint8Array): number[] {
  const missing = new Array<number>(keypoints).fill(0);
  for (let row = 0; row < rows.length; row++) {
    if (rows[row] !== 1) continue;
    for (let k = 0; k < keypoints; k++) if (states[row * keypoints + k] === 0) missing[k]!++;
  }
  return missing;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
