/**
 * The images in the order in which they are gone through. What was labelled no longer fits the filter that it was found
 * by, and an order such as "last changed" shifts with every label; so the roll keeps the order that it met, and only
 * asks for what comes before and after.
 */
import type { Selection } from '../../contract/cells.ts';
import type { Client } from './client.ts';

/** Where the roll's images come from. */
export interface RollSource {
  /** Images around one, or from the start where there is none or it is not among them; `at` is the one to show. */
  around(imageId: number | undefined): Promise<{ ids: number[]; at: number }>;
  /** The next ones outwards from the last of `ids` (from the first, backwards); empty at the end. */
  beyond(ids: readonly number[], backwards: boolean): Promise<number[]>;
}

/** Fewer than so many left ahead, and more are asked for. */
const low = 12;
const chunk = 40;

export class Roll {
  readonly #source: RollSource;
  #ids: readonly number[] = [];
  #at = 0;
  readonly #asking = new Map<boolean, Promise<void>>();
  readonly #ended = new Set<boolean>();
  readonly #inserted = new Set<number>();

  constructor(source: RollSource) {
    this.#source = source;
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Where in `ids` the present image is. */
  get at(): number {
    return this.#at;
  }

  get current(): number | undefined {
    return this.#ids[this.#at];
  }

  /** Whether an image came from the source, and not by `insert`. */
  isFound(imageId: number): boolean {
    return this.#ids.includes(imageId) && !this.#inserted.has(imageId);
  }

  /** From the present image on: at most so many before and after it. */
  window(before: number, after: number): readonly number[] {
    return this.#ids.slice(Math.max(0, this.#at - before), this.#at + after + 1);
  }

  /** Starts over around an image. */
  async start(imageId?: number): Promise<void> {
    const { ids, at } = await this.#source.around(imageId);
    this.#ids = [...new Set(ids)];
    this.#at = at;
    this.#ended.clear();
    this.#inserted.clear();
  }

  /** Goes to an image that the roll knows. @returns whether it does */
  goTo(imageId: number): boolean {
    const at = this.#ids.indexOf(imageId);
    if (at < 0) return false;
    this.#at = at;
    return true;
  }

  /** Puts an image that the roll does not know behind the present one, and goes there. */
  insert(imageId: number): void {
    this.#at = Math.min(this.#at + 1, this.#ids.length);
    this.#ids = this.#ids.toSpliced(this.#at, 0, imageId);
    this.#inserted.add(imageId);
  }

  /** One on or back. @returns false at the end */
  async step(by: 1 | -1): Promise<boolean> {
    if (this.#ids[this.#at + by] === undefined) await this.extend(by < 0);
    if (this.#ids[this.#at + by] === undefined) return false;
    this.#at += by;
    return true;
  }

  /** Asks for more where few are left. */
  async supply(): Promise<void> {
    if (this.#ids.length - this.#at <= low) await this.extend(false);
    if (this.#at < low) await this.extend(true);
  }

  /** What was the end may be none any more. */
  reopen(): void {
    this.#ended.clear();
  }

  async extend(backwards: boolean): Promise<void> {
    if (this.#ended.has(backwards) || this.#ids.length === 0) return;
    const asked = this.#asking.get(backwards) ?? this.#extend(backwards);
    this.#asking.set(backwards, asked);
    await asked.finally(() => this.#asking.delete(backwards));
  }

  async #extend(backwards: boolean): Promise<void> {
    const known = new Set(this.#ids);
    const fresh = (await this.#source.beyond(this.#ids, backwards)).filter((id) => !known.has(id));
    if (fresh.length === 0) this.#ended.add(backwards);
    this.#ids = backwards ? [...fresh, ...this.#ids] : [...this.#ids, ...fresh];
    if (backwards) this.#at += fresh.length;
  }
}

/** All images selected, one after the other. */
export function imagesOf(service: Client, selection: Selection): RollSource {
  const position = (imageId: number) => service.images.position({ ...selection, imageId });
  const page = async (offset: number, limit: number) => {
    if (limit <= 0) return [];
    const { images } = await service.images.page({ ...selection, offset, limit });
    return images.map(({ id }) => id);
  };
  return {
    async around(imageId) {
      const at = imageId === undefined ? 0 : await position(imageId);
      // Not of the selection (any more), but asked for all the same.
      if (at === null) return { ids: [imageId!, ...(await page(0, chunk))], at: 0 };
      const offset = Math.max(0, at - low);
      return { ids: await page(offset, at - offset + chunk), at: at - offset };
    },
    async beyond(ids, backwards) {
      // The outermost that is still selected: the others were labelled, and fit the filter no more.
      for (const id of backwards ? ids : ids.toReversed()) {
        const at = await position(id);
        if (at === null) continue;
        if (!backwards) return page(at + 1, chunk);
        const offset = Math.max(0, at - chunk);
        return page(offset, at - offset);
      }
      return page(0, chunk);
    },
  };
}

/** Loop mode: the images in which one keypoint is missing. */
export function lacking(service: Client, selection: Selection, keypoint: number): RollSource {
  const ahead = async (imageId: number | undefined, backwards: boolean) => {
    const after = imageId === undefined ? {} : { after: { imageId, keypoint } };
    const { cells } = await service.queue.ahead({
      ...selection,
      ...after,
      keypoint,
      backwards,
      count: chunk,
    });
    return cells.map((cell) => cell.imageId);
  };
  return {
    async around(imageId) {
      if (imageId === undefined) return { ids: await ahead(undefined, false), at: 0 };
      return { ids: [imageId, ...(await ahead(imageId, false))], at: 0 };
    },
    async beyond(ids, backwards) {
      const found = await ahead(backwards ? ids[0] : ids.at(-1), backwards);
      return backwards ? found.toReversed() : found;
    },
  };
}
