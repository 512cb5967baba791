/**
 * Samples in rows, an image and its variants each: those in view are made first, so that what a slider does
 * is seen at once; the others follow. Until a row is made anew it is shown as it was.
 */
import type { AugmentedSample } from '../../contract/augmentation.ts';

export interface SampleRow {
  readonly imageId: number;
  readonly original: AugmentedSample;
  readonly variants: readonly AugmentedSample[];
}

export interface Answer {
  readonly images: readonly SampleRow[];
  readonly lost: { readonly points: number; readonly of: number };
}

/** What the rows are made of: how, and from which images. */
export interface Ask {
  readonly imageIds: readonly number[];
  readonly variants: number;
  readonly fetch: (imageIds: readonly number[]) => Promise<Answer>;
}

/** Samples asked for at once where nobody waits for them. */
const chunk = 60;
const mostUnderWay = 2;

/** The original is the same however its variants are made: it is not drawn again. */
function kept(row: SampleRow, before: SampleRow | undefined): SampleRow {
  return before?.original.pixels === row.original.pixels ? { ...row, original: before.original } : row;
}

export class SampleRows {
  readonly #onChange: () => void;
  #ask: Ask | undefined;
  /** Whether rows out of view wait until the next `show`. */
  #viewOnly = false;
  /** By place. */
  #rows: (SampleRow | undefined)[] = [];
  /** Places that are made, or being made, as was asked last. */
  #taken = new Set<number>();
  readonly #made = new Set<number>();
  #underWay = 0;
  #view: readonly [first: number, last: number] = [0, 0];
  #lost = { points: 0, of: 0 };
  #problem: Error | undefined;

  /** @param onChange called when anything that can be read here has changed */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Perhaps still as it was asked for before; undefined while there is nothing to show. */
  at(place: number): SampleRow | undefined {
    return this.#rows[place];
  }

  /** Rows made as was asked last. */
  get made(): number {
    return this.#made.size;
  }

  /** Of those. */
  get lost(): Answer['lost'] {
    return this.#lost;
  }

  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Whether all rows in view are as was asked last. */
  get viewIsMade(): boolean {
    return this.#inView((place) => !this.#made.has(place)).length === 0;
  }

  /** @param viewOnly rows out of view are not needed yet: a slider is being moved */
  show(ask: Ask, { viewOnly = false } = {}): void {
    const other = ask.variants !== this.#ask?.variants || ask.imageIds !== this.#ask.imageIds;
    if (other) this.#rows = [];
    this.#ask = ask;
    this.#viewOnly = viewOnly;
    this.#taken = new Set();
    this.#made.clear();
    this.#lost = { points: 0, of: 0 };
    this.#problem = undefined;
    this.#pump();
    this.#onChange();
  }

  /** The rows that were left out of view are made too. */
  finish(): void {
    this.#viewOnly = false;
    this.#pump();
  }

  /** Which rows are in view, by their places, both included. */
  want(first: number, last: number): void {
    this.#view = [Math.max(0, first), last];
    this.#pump();
  }

  close(): void {
    this.#ask = undefined;
  }

  #pump(): void {
    if (!this.#ask || this.#problem) return;
    const wanted = this.#inView((place) => !this.#taken.has(place));
    if (wanted.length > 0) {
      // Nothing else is to keep the service busy now; of what was asked before only the last is waited for.
      // In one go: what comes in parts is laid out and painted as often.
      if (this.#underWay === 0) void this.#make(this.#ask, wanted);
      return;
    }
    if (this.#viewOnly) return;
    while (this.#underWay < mostUnderWay) {
      const next = this.#nextChunk();
      if (next.length === 0) return;
      void this.#make(this.#ask, next);
    }
  }

  #inView(matches: (place: number) => boolean): number[] {
    const [first, last] = this.#view;
    const end = Math.min(last, (this.#ask?.imageIds.length ?? 0) - 1);
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, i) => first + i).filter(matches);
  }

  #nextChunk(): number[] {
    const { imageIds, variants } = this.#ask!;
    const most = Math.max(1, Math.floor(chunk / variants));
    const next = [];
    for (let place = 0; place < imageIds.length && next.length < most; place++)
      if (!this.#taken.has(place)) next.push(place);
    return next;
  }

  async #make(ask: Ask, places: readonly number[]): Promise<void> {
    for (const place of places) this.#taken.add(place);
    this.#underWay++;
    try {
      const { images, lost } = await ask.fetch(places.map((place) => ask.imageIds[place]!));
      const isAsked = this.#ask === ask;
      // Of what was asked before, nearer to what is asked now than what is shown.
      const isNearer = this.#ask?.imageIds === ask.imageIds && this.#ask.variants === ask.variants;
      images.forEach((row, i) => {
        const place = places[i]!;
        if (isAsked || (isNearer && !this.#made.has(place))) this.#rows[place] = kept(row, this.#rows[place]);
      });
      if (isAsked) {
        for (const place of places) this.#made.add(place);
        this.#lost = { points: this.#lost.points + lost.points, of: this.#lost.of + lost.of };
      }
    } catch (error) {
      if (this.#ask === ask) this.#problem = error as Error;
    } finally {
      this.#underWay--;
    }
    this.#pump();
    this.#onChange();
  }
}
