/** What the dataset screen shows: the address says of which images, the service the rest. */
import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import type { ImageFilter, Selection } from '../../contract/cells.ts';
import type { ImageView } from '../../contract/images.ts';
import type { Change } from '../../contract/changes.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { Pages } from './pages.ts';
import { readSelection, writeSelection } from './selection.ts';

type Matrix = Awaited<ReturnType<typeof service.images.matrix>>;
type Heat = Awaited<ReturnType<typeof service.images.heat>>;
type Facets = Awaited<ReturnType<typeof service.images.facets>>;

/** The face that was current when the screen was left, by selection: coming back shows it again. */
const currentBySelection: Record<string, number> = {};

/** Counts and pictures of the whole selection follow the faces after so many milliseconds. */
const calm = 150;

export class Dataset {
  readonly #key = $derived(writeSelection(readSelection(address.query)).toString());
  readonly selection = $derived(readSelection(this.#key));
  readonly filter = $derived(this.selection.filter ?? {});

  facets = $state.raw<Facets>();
  /** Over the images selected but for the keypoint and its state, which are chosen from it. */
  matrix = $state.raw<Matrix>();
  heat = $state.raw<Heat>();
  /** Why counts or pictures of the whole are missing. */
  problem = $state('');

  readonly #pages: Pages;
  readonly #subscribe: () => void;
  #changed: () => void = () => undefined;

  constructor() {
    this.#pages = new Pages(
      (selection, offset, limit, signal) => service.images.page({ ...selection, offset, limit }, { signal }),
      () => this.#changed(),
    );
    this.#subscribe = createSubscriber((update) => {
      this.#changed = update;
      return () => (this.#changed = () => undefined);
    });
  }

  /** For the component that shows it. */
  use(): void {
    $effect(() => {
      const { selection } = this;
      untrack(() => this.#pages.select(selection, this.current));
      const timer = setTimeout(() => void this.#sumUp(), calm);
      return () => clearTimeout(timer);
    });
    $effect(() => {
      void this.#loadFacets();
      return session.onChange((change) => this.#hear(change));
    });
    $effect(() => () => this.#pages.close());
  }

  get total(): number | undefined {
    this.#subscribe();
    return this.#pages.total;
  }

  /** What the faces are of; it follows `selection` when they are there. */
  get shown(): Selection | undefined {
    this.#subscribe();
    return this.#pages.selection;
  }

  get waiting(): boolean {
    this.#subscribe();
    return this.#pages.waiting;
  }

  get failure(): Error | undefined {
    this.#subscribe();
    return this.#pages.problem;
  }

  at(index: number): ImageView | undefined {
    this.#subscribe();
    return this.#pages.at(index);
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
    this.#go({ ...this.selection, filter: { ...this.filter, ...filter } as ImageFilter }, options);
  }

  order(order: Pick<Selection, 'order' | 'reversed'>): void {
    this.#go({ ...this.selection, ...order });
  }

  clear(): void {
    this.#go({ ...this.selection, filter: {} });
  }

  #go(selection: Selection, options?: { replace?: boolean }): void {
    address.go('dataset', writeSelection(selection), options);
  }

  /** Opens an image where points are placed, among the same images. */
  open(image: ImageView): void {
    const query = writeSelection(this.selection);
    query.set('image', String(image.id));
    address.go('label', query);
  }

  async #sumUp(): Promise<void> {
    const { selection, filter } = this;
    try {
      const others = { ...filter, keypoint: undefined, state: undefined };
      const matrix = await service.images.matrix({ filter: others });
      if (selection !== this.selection) return;
      this.matrix = matrix;
      const heat = await service.images.heat({ filter });
      if (selection !== this.selection) return;
      this.heat = heat;
      this.problem = '';
    } catch (error) {
      if (selection === this.selection) this.problem = (error as Error).message;
    }
  }

  async #loadFacets(): Promise<void> {
    try {
      this.facets = await service.images.facets();
    } catch (error) {
      this.problem = (error as Error).message;
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
      void this.#sumUp();
      void this.#loadFacets();
    }, 500);
  }
}
