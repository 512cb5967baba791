/** The images at hand, as the service has them: those shown, those ahead, and as many of those behind as there is room for. */
import type { EditorImage } from '../../contract/images.ts';
import type { ChangedCell } from '../../contract/labels.ts';

/** At most so many ids go into one question. */
const largestBatch = 50;

export class ImageStore {
  readonly #load: (ids: number[]) => Promise<EditorImage[]>;
  readonly #capacity: number;
  /** The one used last stands last. */
  readonly #images = new Map<number, EditorImage>();
  readonly #loading = new Map<number, Promise<void>>();
  /** What was stored while images were on their way: their labels may be older. */
  #meanwhile: ChangedCell[] = [];
  /** Questions that are not answered yet. */
  #flights = 0;

  constructor(load: (ids: number[]) => Promise<EditorImage[]>, capacity = 128) {
    this.#load = load;
    this.#capacity = capacity;
  }

  get(id: number): EditorImage | undefined {
    const image = this.#images.get(id);
    if (image) this.#hold(image);
    return image;
  }

  /** Loads those that are not at hand. An id that the service does not know stays away. */
  async ensure(ids: readonly number[]): Promise<void> {
    const wanted = [...new Set(ids)];
    const absent = wanted.filter((id) => !this.#images.has(id) && !this.#loading.has(id));
    for (let first = 0; first < absent.length; first += largestBatch) {
      const batch = absent.slice(first, first + largestBatch);
      const loading = this.#fetch(batch).finally(() => batch.forEach((id) => this.#loading.delete(id)));
      for (const id of batch) this.#loading.set(id, loading);
    }
    await Promise.all(wanted.map((id) => this.#loading.get(id)));
  }

  /** Cells that are stored so now, whoever did it. */
  change(cells: readonly ChangedCell[]): void {
    if (this.#flights > 0) this.#meanwhile.push(...cells);
    for (const cell of cells) this.#change(cell);
  }

  /** Asks for all that is at hand anew: after a time without news of changes. */
  async refresh(): Promise<void> {
    const ids = [...this.#images.keys()];
    for (let first = 0; first < ids.length; first += largestBatch)
      await this.#fetch(ids.slice(first, first + largestBatch));
  }

  async #fetch(ids: number[]): Promise<void> {
    this.#flights++;
    try {
      for (const image of await this.#load(ids)) this.#hold(image);
      for (const cell of this.#meanwhile) this.#change(cell);
    } finally {
      if (--this.#flights === 0) this.#meanwhile = [];
    }
    for (const id of this.#images.keys()) {
      if (this.#images.size <= this.#capacity) break;
      this.#images.delete(id);
    }
  }

  #change({ imageId, keypoint, label, author }: ChangedCell): void {
    const image = this.#images.get(imageId);
    if (!image) return;
    this.#images.set(imageId, {
      ...image,
      labels: image.labels.with(keypoint, label),
      authors: image.authors.with(keypoint, author),
    });
  }

  #hold(image: EditorImage): void {
    this.#images.delete(image.id);
    this.#images.set(image.id, image);
  }
}
