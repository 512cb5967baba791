/** What the dataset screen shows: the address says of which images, the service the rest. */
import { untrack } from 'svelte';
import type { ImageFilter, Selection } from '../../contract/cells.ts';
import type { ImageView } from '../../contract/images.ts';
import type { Change } from '../../contract/changes.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { whenViewIsThere } from '../frame/view-first.ts';
import { Pages } from './pages.ts';
import { readSelection, writeSelection } from './selection.ts';

type Matrix = Awaited<ReturnType<typeof service.images.matrix>>;
type Heat = Awaited<ReturnType<typeof service.images.heat>>;
type Facets = Awaited<ReturnType<typeof service.images.facets>>;

/** The face that was current when the screen was left, by selection: coming back shows it again. */
const currentBySelection: Record<string, number> = {};

export class Dataset {
  readonly #key = $derived(keyOf(readSelection(address.query)));
  readonly selection = $derived(readSelection(this.#key));
  readonly filter = $derived(this.selection.filter ?? {});
  /** The images selected but for the keypoint and its state, as JSON: those that are summed up. */
  readonly #summed = $derived(JSON.stringify({ ...this.filter, keypoint: undefined, state: undefined }));

  facets = $state.raw<Facets>();
  /** Of all states of all keypoints: what is missing is seen beside what is there. */
  matrix = $state.raw<Matrix>();
  heat = $state.raw<Heat>();
  /** Why counts or pictures of the whole are missing. */
  problem = $state('');

  readonly #pages = new Pages(
    (selection, offset, limit, signal) => service.images.page({ ...selection, offset, limit }, { signal }),
    () => {
      this.#arrive();
      this.#pagesNow = { pages: this.#pages };
    },
  );
  /** The same pages, in another object whenever anything in them has changed. */
  #pagesNow = $state.raw({ pages: this.#pages });
  readonly failure = $derived(this.#pagesNow.pages.problem);
  /** Undefined also where what is asked for cannot be shown. */
  readonly total = $derived(this.failure ? undefined : this.#pagesNow.pages.total);
  /** What the faces are of; it follows `selection` when they are there. */
  readonly shown = $derived(this.#pagesNow.pages.selection);
  readonly waiting = $derived(this.#pagesNow.pages.waiting);
  readonly #isThere = $derived(this.shown !== undefined);

  /** For the component that shows it. */
  use(): void {
    $effect.pre(() => {
      const key = this.#key;
      untrack(() => {
        this.#arrive = nowhere; // the address has led elsewhere, or there
        this.#select(key);
      });
    });
    $effect.pre(() => {
      void this.#summed;
      this.#summing.abort();
    });
    $effect(() => {
      void this.#summed;
      if (this.#isThere) untrack(() => void this.#sumUp());
    });
    $effect(() => session.onChange((change) => this.#hear(change)));
    $effect(() => () => {
      this.#arrive = nowhere;
      this.#pages.close();
      this.#summing.abort();
    });
  }

  at(index: number): ImageView | undefined {
    return this.#pagesNow.pages.at(index);
  }

  want(first: number, last: number): void {
    this.#pages.want(first, last);
  }

  /** The place of the face that the keyboard is on. */
  get current(): number {
    return currentBySelection[this.#key] ?? 0;
  }

  set current(index: number) {
    currentBySelection[this.#key] = index;
  }

  /** Shows other images: what is undefined is no longer asked for. @param options.replace as `address.go` */
  choose(
    filter: { [K in keyof ImageFilter]: ImageFilter[K] | undefined },
    options?: { replace?: boolean },
  ): void {
    const asked = this.#asked();
    this.#go({ ...asked, filter: { ...asked.filter, ...filter } as ImageFilter }, options);
    // Somebody types: an address that comes later would write over the next keys.
    if ('text' in filter) this.#arrive();
  }

  order(order: Pick<Selection, 'order' | 'reversed'>): void {
    this.#go({ ...this.#asked(), ...order });
  }

  clear(): void {
    this.#go({ ...this.#asked(), filter: {} });
  }

  /** The address, and the page with it, follow when the images are there: drawing twice would take as long as finding them. */
  #go(selection: Selection, options?: { replace?: boolean }): void {
    this.#arrive = () => {
      this.#arrive = nowhere;
      address.go('dataset', writeSelection(selection), options);
    };
    const key = keyOf(selection);
    if (key === this.#selected) this.#arrive();
    this.#select(key);
  }

  /** Where somebody is going to. */
  #arrive = nowhere;

  #selected: string | undefined;

  /** Ahead of the address until that follows. */
  #asked(): Selection {
    return readSelection(this.#selected ?? this.#key);
  }

  #select(key: string): void {
    if (key === this.#selected) return;
    this.#selected = key;
    this.#pages.select(readSelection(key), currentBySelection[key] ?? 0);
  }

  /** Opens an image where points are placed, among the same images. */
  open(image: ImageView): void {
    const query = writeSelection(this.selection);
    query.set('image', String(image.id));
    address.go('label', query);
  }

  #summing = new AbortController();
  /** What there is to choose from is the same whatever is chosen. */
  #facetsAreCurrent = false;

  /** What earlier images add up to is not waited for. */
  async #sumUp(): Promise<void> {
    this.#summing.abort();
    this.#summing = new AbortController();
    const { signal } = this.#summing;
    const filter = JSON.parse(this.#summed) as ImageFilter;
    try {
      await whenViewIsThere();
      if (signal.aborted) return;
      const matrix = await service.images.matrix({ filter }, { signal });
      if (!signal.aborted) this.matrix = matrix;
      if (!this.#facetsAreCurrent) {
        const facets = await service.images.facets(undefined, { signal });
        if (signal.aborted) return;
        this.facets = facets;
        this.#facetsAreCurrent = true;
      }
      const heat = await service.images.heat({ filter }, { signal });
      if (!signal.aborted) this.heat = heat;
      this.problem = '';
    } catch (error) {
      if (!signal.aborted) this.problem = (error as Error).message;
    }
  }

  #refreshing = false;

  /** Labels are shown at once; what they add up to follows, at most every half second. */
  #hear(change: Change): void {
    if (change.type === 'labels') this.#pages.patch(change.cells);
    if (this.#refreshing) return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      this.#pages.refresh();
      this.#facetsAreCurrent = false;
      void this.#sumUp();
    }, 500);
  }
}

const nowhere = () => undefined;

/** Equal for the same images. */
const keyOf = (selection: Selection) => writeSelection(selection).toString();
