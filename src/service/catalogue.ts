/**
 * Every image's cells in memory, so that filters, counts and queues are a scan of some milliseconds. It is read when
 * first needed and kept current by reading on in the journal, whoever wrote there: this service or another process.
 *
 * States, which most questions are about, are read at once; places and authors, which take longer, in steps that let
 * other work go on.
 */
import { setImmediate } from 'node:timers/promises';
import type { Points } from '../domain/points.ts';
import type { StoredCell } from '../workspace/cells.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { WorkspaceHolder } from './holder.ts';

/** Images whose places are read in one step: about 10 ms. */
const step = 1000;

/** When more entries than this are new, reading the labels anew is quicker than reading on. */
const manyEntries = 20_000;

/** Rows are images in the order in which they were added; a cell is row * keypoints + keypoint. */
export class Catalogue {
  readonly keypoints: number;
  /** [rows] */
  readonly ids: Int32Array;
  /** [rows, keypoints], positions in labelStates. */
  readonly states: Uint8Array;
  /** [rows]: missing cells. */
  readonly missing: Uint16Array;
  /** [rows], in pixels. */
  readonly widths: Int32Array;
  readonly heights: Int32Array;
  /** [rows]: the smallest id among the image's near duplicates, and how many there are with it. */
  readonly groups: Int32Array;
  readonly groupSizes: Int32Array;
  /** [rows, keypoints, 2]; whole, as the next two, once `placesRead` has resolved. */
  readonly points: Points;
  /** [rows, keypoints], 0 nobody: whom the place is due to, and who accepted it where that is a proposal. */
  readonly authors: Int32Array;
  readonly acceptors: Int32Array;
  readonly placesRead: Promise<void>;
  #lastEntries: Float64Array | undefined;
  readonly #facts = new Map<string, unknown>();
  /** The last table whose rows are known. */
  readonly lastSource: number;
  /** The last journal entry that is in here. */
  position: number;

  constructor(workspace: Workspace, current: () => Workspace | undefined) {
    this.keypoints = workspace.schema.keypoints.length;
    this.lastSource = workspace.sources.lastId();
    this.position = workspace.history.position();
    const images = workspace.images.all();
    [this.ids, this.widths, this.heights, this.groups] = columnsOf(images);
    this.groupSizes = sizesOf(this.groups);
    this.states = workspace.labels.states(this.ids);
    this.missing = new Uint16Array(this.ids.length);
    for (let cell = 0; cell < this.states.length; cell++)
      if (this.states[cell] === 0) this.missing[Math.floor(cell / this.keypoints)]!++;
    this.points = new Float32Array(2 * this.states.length).fill(NaN);
    this.authors = new Int32Array(this.states.length);
    this.acceptors = new Int32Array(this.states.length);
    this.placesRead = this.#readPlaces(current);
    this.placesRead.catch(() => undefined); // For whoever waits for it.
    this.catchUp(workspace);
  }

  /** [keypoints, 2] in pixels, NaN where there is no place; its memory is the catalogue's. */
  pointsOf(row: number): Points {
    return this.points.subarray(2 * row * this.keypoints, 2 * (row + 1) * this.keypoints);
  }

  sizeOf(row: number): { width: number; height: number } {
    return { width: this.widths[row]!, height: this.heights[row]! };
  }

  /** @returns -1 when there is no such image. */
  rowOf(imageId: number): number {
    let [low, high] = [0, this.ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ids[middle]! < imageId) low = middle + 1;
      else high = middle;
    }
    return this.ids[low] === imageId ? low : -1;
  }

  /**
   * Takes in what has changed since.
   * @returns false when that is more than labels, or too much: then it has to be made anew.
   */
  catchUp(workspace: Workspace): boolean {
    const position = workspace.history.position();
    const known =
      workspace.images.lastId() === (this.ids.at(-1) ?? 0) && workspace.sources.lastId() === this.lastSource;
    if (!known || position - this.position > manyEntries) return false;
    if (position === this.position) return true;
    for (const stored of workspace.history.since(this.position)) {
      const [imageId, keypoint, state] = stored;
      const row = this.rowOf(imageId);
      const cell = row * this.keypoints + keypoint;
      this.missing[row]! += Number(state === 0) - Number(this.states[cell] === 0);
      this.states[cell] = state;
      this.#setPlace(cell, stored);
      if (this.#lastEntries) this.#lastEntries[row] = stored[7];
    }
    this.position = position;
    return true;
  }

  /** What holds whatever becomes of labels, found out once. */
  fact<T>(name: string, find: () => T): T {
    if (!this.#facts.has(name)) this.#facts.set(name, find());
    return this.#facts.get(name) as T;
  }

  /** [rows]: 1 for each of the images. */
  rowsOf(imageIds: Iterable<number>): Uint8Array {
    const rows = new Uint8Array(this.ids.length);
    for (const id of imageIds) rows[this.rowOf(id)] = 1;
    return rows;
  }

  /** [rows]: the last journal entry on each image; 0 where there is none. */
  lastEntries({ history }: Workspace): Float64Array {
    if (!this.#lastEntries) {
      this.#lastEntries = new Float64Array(this.ids.length);
      for (const [imageId, entryId] of history.lastEntries())
        this.#lastEntries[this.rowOf(imageId)] = entryId;
    }
    return this.#lastEntries;
  }

  #setPlace(cell: number, [, , , x, y, author, acceptor]: readonly [...StoredCell, ...unknown[]]): void {
    this.points[2 * cell] = x ?? NaN;
    this.points[2 * cell + 1] = y ?? NaN;
    this.authors[cell] = author ?? 0;
    this.acceptors[cell] = acceptor ?? 0;
  }

  /** Cells that change meanwhile are read as they are by then, and again by `catchUp`, in order: the last word stands. */
  async #readPlaces(current: () => Workspace | undefined): Promise<void> {
    for (let row = 0; row < this.ids.length; row += step) {
      await setImmediate();
      const last = Math.min(row + step, this.ids.length) - 1;
      const cells = current()?.labels.cells(this.ids[row]!, this.ids[last]!);
      if (!cells) return; // It was closed.
      for (const stored of cells) this.#setPlace(this.rowOf(stored[0]) * this.keypoints + stored[1], stored);
    }
  }
}

/** A loop: `Int32Array.from` with a function takes ten times as long. */
function columnsOf(
  rows: readonly (readonly [number, number, number, number])[],
): [Int32Array, Int32Array, Int32Array, Int32Array] {
  const column = () => new Int32Array(rows.length);
  const [a, b, c, d] = [column(), column(), column(), column()];
  for (let row = 0; row < rows.length; row++) [a[row], b[row], c[row], d[row]] = rows[row]!;
  return [a, b, c, d];
}

function sizesOf(groups: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return groups.map((group) => sizes.get(group)!);
}

/** The catalogue of the workspace that is open, made when first asked for. */
export class CatalogueShelf {
  readonly #holder: WorkspaceHolder;
  #catalogue: Catalogue | undefined;
  #directory = '';

  constructor(holder: WorkspaceHolder) {
    this.#holder = holder;
  }

  /** As the labels are now; places and authors perhaps not all of them yet. @throws InputProblem when there is no workspace. */
  current(): Catalogue {
    const workspace = this.#holder.read();
    const { directory } = workspace;
    if (directory !== this.#directory || !this.#catalogue?.catchUp(workspace)) {
      this.#directory = directory;
      this.#catalogue = new Catalogue(workspace, () =>
        this.#holder.opened?.directory === directory ? this.#holder.opened : undefined,
      );
    }
    return this.#catalogue!;
  }

  /** With all places and authors. */
  async whole(): Promise<Catalogue> {
    for (;;) {
      const catalogue = this.current();
      await catalogue.placesRead;
      if (catalogue === this.current()) return catalogue;
    }
  }
}
