/** A run's predictions beside the labels, as the address says: which run, which images, in which order, which one large. */
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Change } from '../../contract/changes.ts';
import type { ReviewedImage, ReviewSelection } from '../../contract/review.ts';
import type { RunView } from '../../contract/runs.ts';
import type { WorkspaceOutline } from '../../contract/workspace.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import { service } from '../connection.ts';
import type { Faces } from '../dataset/faces.ts';
import { Pages } from '../dataset/pages.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import type { Task } from '../frame/tasks.svelte.ts';
import { letRunPredict } from '../runs/let-run-predict.ts';
import { readReview, type ReviewPlace, writeReview } from './review-address.ts';

export class Review implements Faces<ReviewedImage> {
  readonly schema: KeypointSchema;
  /** Finished, the latest first; undefined until they are known. */
  runs = $state.raw<readonly RunView[]>();
  /** Images shown of which the run has not said how sure it is. */
  unplaced = $state(0);
  /** While a run says where keypoints are. */
  predicting = $state.raw<Task>();
  problem = $state('');

  readonly place: ReviewPlace = $derived.by(() => readReview(address.query, this.schema));
  readonly runId = $derived(this.place.run ?? this.runs?.[0]?.runId);
  readonly #key = $derived.by(() =>
    writeReview({ ...this.place, imageId: undefined }, this.schema).toString(),
  );
  readonly selection: ReviewSelection | undefined = $derived.by(() => {
    const { filter, order, keypoint, reversed } = readReview(this.#key, this.schema);
    if (this.runId === undefined) return undefined;
    return { run: this.runId, filter, order, reversed, ...(keypoint === undefined ? {} : { keypoint }) };
  });

  /** The face that the person was at last, by what was shown: coming back shows it again. */
  readonly #currents = new SvelteMap<string, number>();
  readonly #pages = new Pages<Ordered, ReviewedImage>(
    async ({ run, ids }, offset, limit, signal) => ({
      total: ids.length,
      images: await service.review.images({ run, ids: ids.slice(offset, offset + limit) }, { signal }),
    }),
    () => (this.#pagesNow = { pages: this.#pages }),
  );
  /** The same pages, in another object whenever anything in them has changed. */
  #pagesNow = $state.raw({ pages: this.#pages });
  readonly total = $derived(this.#pagesNow.pages.total);
  readonly shown = $derived(this.#pagesNow.pages.selection);
  readonly failure = $derived(this.#pagesNow.pages.problem);
  readonly #unsubscribe: () => void;

  constructor(schema: KeypointSchema) {
    this.schema = schema;
    this.#unsubscribe = session.onChange((change) => this.#hear(change));
  }

  /** For the component that shows it. */
  use(): void {
    void this.#loadRuns();
    $effect(() => {
      const { selection } = this;
      const isShown = JSON.stringify(selection) === JSON.stringify(this.#pages.selection?.selection);
      if (selection && !isShown) untrack(() => void this.sort());
    });
  }

  at(index: number): ReviewedImage | undefined {
    return this.#pagesNow.pages.at(index);
  }

  want(first: number, last: number): void {
    this.#pages.want(first, last);
  }

  get current(): number {
    return this.#currents.get(this.#key) ?? 0;
  }

  set current(index: number) {
    this.#currents.set(this.#key, index);
  }

  /** The face shown large. */
  get large(): ReviewedImage | undefined {
    const { imageId } = this.place;
    const image = imageId === undefined ? undefined : this.at(this.current);
    return image?.id === imageId ? image : undefined;
  }

  open(image: ReviewedImage): void {
    this.go({ imageId: image.id });
  }

  close(): void {
    this.go({ imageId: undefined });
  }

  /** Another face large, one on or back. */
  step(by: 1 | -1): void {
    const next = this.at(this.current + by);
    if (!next) return;
    this.current += by;
    this.want(this.current, this.current);
    this.go({ imageId: next.id }, { replace: true });
  }

  /** @param options as `address.go` */
  go(patch: Partial<ReviewPlace>, options?: { replace?: boolean }): void {
    address.go('review', writeReview({ ...this.place, ...patch }, this.schema), options);
  }

  /** Lets the run say where keypoints are in the images shown, and how sure it is. */
  async predict(): Promise<void> {
    if (this.runId === undefined || this.predicting) return;
    const { filter } = this.place;
    await letRunPredict(this.runId, { filter, onBegin: (task) => (this.predicting = task) });
    this.predicting = undefined;
  }

  /** Hears no more of what others do, and asks nothing more. */
  leave(): void {
    this.#unsubscribe();
    this.#pages.close();
  }

  async #loadRuns(): Promise<void> {
    try {
      this.runs = (await service.runs.list()).filter(({ status }) => status === 'finished');
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** What is shown, in its order as it is now. */
  async sort(): Promise<void> {
    const { selection, place } = this;
    if (!selection) return;
    try {
      const { ids, unplaced } = await service.review.order(selection);
      if (selection !== this.selection) return;
      this.unplaced = unplaced;
      const at = place.imageId === undefined ? -1 : ids.indexOf(place.imageId);
      if (at >= 0) this.current = at;
      this.#pages.select({ run: this.runId!, ids, selection }, this.current);
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** Labels are shown at once, and nothing moves to another place by that. */
  #hear(change: Change): void {
    if (change.type === 'labels') this.#pages.patch(change.cells);
    else if (change.type === 'runs') void this.#loadRuns();
    else if (change.type === 'predictions') void this.sort();
  }
}

/** All images shown, in the order that they had when they were asked for. */
interface Ordered {
  readonly run: number;
  readonly ids: readonly number[];
  readonly selection: ReviewSelection;
}

let present: { readonly workspace: string; readonly review: Review; readonly close: () => void } | undefined;

/** One for each workspace: who corrects something in the editor comes back to the same faces in the same order. */
export function reviewOf({ directory, schema }: WorkspaceOutline): Review {
  if (present?.workspace === directory) return present.review;
  present?.review.leave();
  present?.close();
  let review!: Review;
  // What it derives outlives the screen that asks for it first.
  const close = $effect.root(() => {
    review = new Review(schema);
  });
  present = { workspace: directory, review, close };
  return review;
}
