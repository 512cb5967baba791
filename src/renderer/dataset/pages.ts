/**
 * The images of a selection, a page at a time: those in view are asked for, nearest first and few at once, so that
 * fast scrolling leaves no queue of answers that nobody waits for.
 */
import type { Selection } from '../../contract/cells.ts';
import type { ImageView } from '../../contract/images.ts';
import type { ChangedCell } from '../../contract/labels.ts';

export const pageSize = 60;
/** Pages kept, those farthest from what is in view go first. */
const mostKept = 60;
const mostUnderWay = 2;
/** Milliseconds within which another selection is expected: to say that it is waited for would be drawn for nothing. */
const soon = 50;

export type FetchPage<Choice = Selection, Image extends ImageView = ImageView> = (
  selection: Choice,
  offset: number,
  limit: number,
  signal: AbortSignal,
) => Promise<{ total: number; images: readonly Image[] }>;

/** One selection with what is known of it. */
class Shown<Choice, Image> {
  readonly selection: Choice;
  readonly pages = new Map<number, readonly Image[]>();
  /** Pages that may have changed since they were fetched. */
  readonly stale = new Set<number>();
  readonly underWay = new Set<number>();
  readonly leaving = new AbortController();
  total = 0;

  constructor(selection: Choice) {
    this.selection = selection;
  }
}

export class Pages<Choice = Selection, Image extends ImageView = ImageView> {
  readonly #fetch: FetchPage<Choice, Image>;
  readonly #onChange: () => void;
  #shown: Shown<Choice, Image> | undefined;
  /** Asked for, and shown as soon as its first page is there; until then what was shown stays. */
  #next: Shown<Choice, Image> | undefined;
  #wanted: readonly [first: number, last: number] = [0, 0];
  #problem: Error | undefined;

  /** @param onChange called when anything that can be read here has changed */
  constructor(fetch: FetchPage<Choice, Image>, onChange: () => void) {
    this.#fetch = fetch;
    this.#onChange = onChange;
  }

  /** Of the selection shown; undefined before the first is there. */
  get total(): number | undefined {
    return this.#shown?.total;
  }

  /** What the images are of; it changes when the first page of another selection has come. */
  get selection(): Choice | undefined {
    return this.#shown?.selection;
  }

  /** Whether another selection is waited for; one that cannot be shown is no longer. */
  get waiting(): boolean {
    return this.#next !== undefined && this.#problem === undefined;
  }

  /** Why the selection asked for cannot be shown. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Undefined while it is on its way. */
  at(index: number): Image | undefined {
    return this.#shown?.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Shows another selection, from the page that holds the image at `index`: a change, when it is there or takes longer. */
  select(selection: Choice, index = 0): void {
    this.#next?.leaving.abort();
    const next = (this.#next = new Shown<Choice, Image>(selection));
    this.#problem = undefined;
    void this.#load(next, Math.floor(index / pageSize));
    if (!this.#shown) return this.#onChange();
    setTimeout(() => {
      if (this.#next === next && !next.leaving.signal.aborted) this.#onChange();
    }, soon);
  }

  /** Which images are in view or will be soon, by their places, both included. */
  want(first: number, last: number): void {
    this.#wanted = [Math.max(0, first), Math.max(0, last)];
    this.#pump();
  }

  /** Whatever was fetched may be out of date: what is in view is asked for again, and shown as it was until then. */
  refresh(): void {
    if (this.#problem && this.#next) return this.select(this.#next.selection);
    if (!this.#shown) return;
    const { pages, stale, underWay } = this.#shown;
    for (const page of [...pages.keys(), ...underWay]) stale.add(page);
    this.#pump();
  }

  /** Shows labels as somebody has just made them. */
  patch(cells: readonly ChangedCell[]): void {
    const byImage = Map.groupBy(cells, ({ imageId }) => imageId);
    let changed = false;
    for (const [number, page] of this.#shown?.pages ?? []) {
      if (!page.some(({ id }) => byImage.has(id))) continue;
      changed = true;
      this.#shown!.pages.set(
        number,
        page.map((image) => patched(image, byImage.get(image.id))),
      );
    }
    if (changed) this.#onChange();
  }

  /** Nothing that is still under way matters any more. */
  close(): void {
    this.#shown?.leaving.abort();
    this.#next?.leaving.abort();
  }

  #pump(): void {
    const shown = this.#shown;
    if (!shown) return;
    while (shown.underWay.size < mostUnderWay) {
      const page = this.#nearestUnknown(shown);
      if (page === undefined) return;
      void this.#load(shown, page);
    }
  }

  #nearestUnknown({ total, pages, stale, underWay }: Shown<Choice, Image>): number | undefined {
    const [first, last] = this.#wanted.map((index) =>
      Math.floor(Math.max(0, Math.min(index, total - 1)) / pageSize),
    );
    const middle = (this.#wanted[0] + this.#wanted[1]) / 2 / pageSize - 0.5;
    let nearest: number | undefined;
    for (let page = first!; page <= last!; page++) {
      if (underWay.has(page) || (pages.has(page) && !stale.has(page))) continue;
      if (nearest === undefined || Math.abs(page - middle) < Math.abs(nearest - middle)) nearest = page;
    }
    return nearest;
  }

  async #load(shown: Shown<Choice, Image>, page: number): Promise<void> {
    shown.underWay.add(page);
    shown.stale.delete(page);
    try {
      const { selection, leaving } = shown;
      const { total, images } = await this.#fetch(selection, page * pageSize, pageSize, leaving.signal);
      if (leaving.signal.aborted) return;
      shown.total = total;
      shown.pages.set(page, images);
      this.#show(shown);
      this.#forget(shown);
    } catch (error) {
      if (shown.leaving.signal.aborted) return;
      if (shown.pages.has(page)) shown.stale.add(page);
      this.#problem = error as Error;
      this.#onChange();
      return; // asked for again by `refresh`, when there is a reason to hope
    } finally {
      shown.underWay.delete(page);
    }
    this.#problem = undefined;
    this.#onChange();
    this.#pump();
  }

  #show(shown: Shown<Choice, Image>): void {
    if (shown !== this.#next) return;
    this.#shown?.leaving.abort();
    this.#shown = shown;
    this.#next = undefined;
  }

  #forget({ pages, stale, total }: Shown<Choice, Image>): void {
    for (const page of pages.keys()) if (page > 0 && page * pageSize >= total) pages.delete(page);
    const middle = (this.#wanted[0] + this.#wanted[1]) / 2 / pageSize;
    const byDistance = [...pages.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    for (const page of byDistance.slice(mostKept)) {
      pages.delete(page);
      stale.delete(page);
    }
  }
}

function patched<Image extends ImageView>(image: Image, changes: readonly ChangedCell[] | undefined): Image {
  if (!changes) return image;
  const labels = [...image.labels];
  for (const { keypoint, label } of changes) labels[keypoint] = label;
  return { ...image, labels };
}
