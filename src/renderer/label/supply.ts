/** What comes next, and everything that it needs already at hand: the roll, the queue of cells, the images ahead. */
import type { Cell, Selection } from '../../contract/cells.ts';
import type { EditorImage } from '../../contract/images.ts';
import type { ChangedCell } from '../../contract/labels.ts';
import type { Label } from '../../domain/label.ts';
import type { Client } from './client.ts';
import { ImageStore } from './image-store.ts';
import { imagesOf, lacking, Roll } from './roll.ts';

export type Counts = Awaited<ReturnType<Client['queue']['counts']>>;

export interface Work {
  /** Which images, in which order. */
  readonly selection: Selection;
  /** Loop mode: one keypoint across all images. Undefined: image by image. */
  readonly loop: number | undefined;
}

/** Images kept ready ahead of the one shown, and behind it. */
const [ahead, behind] = [8, 4];

/** In milliseconds. */
const recountAfter = 500;

export class Supply {
  readonly #service: Client;
  readonly #keypoints: number;
  readonly #shownLabel: (image: EditorImage, keypoint: number) => Label;
  readonly #changed: () => void;
  readonly store: ImageStore;
  #work: Work = { selection: {}, loop: undefined };
  #roll: Roll;
  #counts: Counts | undefined;
  /** Cells of the queue behind the image shown, as asked when it was. */
  #queue: Promise<readonly Cell[]> = Promise.resolve([]);
  #recount: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param shownLabel what the person sees in a cell, stored or not
   * @param changed to be called when counts or images ahead are others
   */
  constructor(
    service: Client,
    keypoints: number,
    shownLabel: (image: EditorImage, keypoint: number) => Label,
    changed: () => void,
  ) {
    this.#service = service;
    this.#keypoints = keypoints;
    this.#shownLabel = shownLabel;
    this.#changed = changed;
    this.store = new ImageStore((ids) => service.images.get({ ids }));
    this.#roll = new Roll(imagesOf(service, {}));
  }

  get roll(): Roll {
    return this.#roll;
  }

  get work(): Work {
    return this.#work;
  }

  get counts(): Counts | undefined {
    return this.#counts;
  }

  /** The images whose pictures will be wanted soon. */
  get soon(): readonly number[] {
    return this.#roll.window(behind, ahead);
  }

  /** Starts over. @returns the image to begin with; undefined where the selection is empty */
  async open(work: Work, imageId: number | undefined): Promise<number | undefined> {
    this.#work = work;
    const { selection, loop } = work;
    const roll = new Roll(
      loop === undefined ? imagesOf(this.#service, selection) : lacking(this.#service, selection, loop),
    );
    this.#counts = undefined;
    void this.count();
    await roll.start(imageId ?? (await this.#firstInQueue(work)));
    if (this.#work !== work) return undefined;
    this.#roll = roll;
    return roll.current;
  }

  /** To be called when an image is shown: brings what comes after it. */
  async prepare(imageId: number): Promise<void> {
    const { work } = this;
    this.#queue =
      work.loop === undefined ? this.#ask({ imageId, keypoint: this.#keypoints - 1 }) : this.#queue;
    await Promise.all([
      this.#roll.supply(),
      this.store.ensure(this.soon),
      this.#queue.then((cells) =>
        this.store.ensure([...new Set(cells.map((cell) => cell.imageId))].slice(0, ahead)),
      ),
    ]);
    await this.store.ensure(this.soon);
    this.#changed();
  }

  /**
   * The next cell that needs a person, behind the image shown; goes to its image in the roll.
   * @returns undefined when there is none left at all
   */
  async nextCell(imageId: number): Promise<Cell | undefined> {
    return this.#work.loop === undefined ? this.#nextInQueue(imageId) : this.#nextInLoop(this.#work.loop);
  }

  /** Goes to an image, wherever it is. */
  goTo(imageId: number): void {
    if (!this.#roll.goTo(imageId)) this.#roll.insert(imageId);
  }

  /** Cells that are stored so now: counts follow. @param mine whether the person did it */
  change(cells: readonly ChangedCell[], mine: boolean): void {
    for (const { imageId, keypoint, label } of cells) {
      if (!this.#roll.isFound(imageId)) {
        // It is not known here whether the image is among those selected.
        void this.count(recountAfter);
        continue;
      }
      const before = this.store.get(imageId)?.labels[keypoint];
      if (!before || !this.#counts) continue;
      const done = Number(before.state === 'missing') - Number(label.state === 'missing');
      const { missing, remaining, today, ...others } = this.#counts;
      this.#counts = {
        ...others,
        missing: missing.with(keypoint, missing[keypoint]! - done),
        remaining: remaining - done,
        today: today + (mine ? done : 0),
      };
    }
    this.store.change(cells);
  }

  /** Asks for the counts anew, at once or after what may still follow. */
  async count(afterMs = 0): Promise<void> {
    if (afterMs > 0) {
      this.#recount ??= setTimeout(() => void this.count(), afterMs);
      return;
    }
    clearTimeout(this.#recount);
    this.#recount = undefined;
    const work = this.#work;
    const counts = await this.#service.queue
      .counts({ filter: work.selection.filter ?? {} })
      .catch(() => undefined);
    if (counts === undefined || work !== this.#work) return;
    this.#counts = counts;
    this.#changed();
  }

  async #ask(after: Cell): Promise<readonly Cell[]> {
    const { selection, loop } = this.#work;
    const { cells } = await this.#service.queue.ahead({
      ...selection,
      after,
      ...(loop === undefined
        ? { count: Math.min(200, ahead * this.#keypoints) }
        : { keypoint: loop, count: ahead }),
    });
    return cells;
  }

  /** Where there is something to do; none in loop mode, whose roll begins there anyway. */
  async #firstInQueue({ selection, loop }: Work): Promise<number | undefined> {
    if (loop !== undefined) return undefined;
    const { cells } = await this.#service.queue.ahead({ ...selection, count: 1 });
    return cells[0]?.imageId;
  }

  async #nextInQueue(imageId: number): Promise<Cell | undefined> {
    const prepared = await this.#queue.catch(() => []);
    const cell =
      (await this.#firstOpen(prepared, imageId)) ??
      (await this.#firstOpen(await this.#ask({ imageId, keypoint: this.#keypoints - 1 }), imageId));
    if (cell) await this.#goNear(cell.imageId);
    return cell;
  }

  async #nextInLoop(keypoint: number): Promise<Cell | undefined> {
    const present = this.#roll.current;
    while (await this.#roll.step(1)) {
      const imageId = this.#roll.current!;
      if (!this.store.get(imageId)) await this.store.ensure(this.#roll.window(0, ahead));
      if (this.#isMissing({ imageId, keypoint })) return { imageId, keypoint };
    }
    // Behind the last come those that were passed over.
    if (present === undefined) return undefined;
    const cell = await this.#firstOpen(await this.#ask({ imageId: present, keypoint }), present);
    this.goTo(cell?.imageId ?? present);
    return cell;
  }

  /** The first cell in another image that is still missing: somebody may have filled it since it was asked for. */
  async #firstOpen(cells: readonly Cell[], present: number): Promise<Cell | undefined> {
    for (const cell of cells) {
      if (cell.imageId === present) continue;
      if (!this.store.get(cell.imageId)) await this.store.ensure([cell.imageId]);
      if (this.#isMissing(cell)) return cell;
    }
    return undefined;
  }

  /** Goes to an image; one that the roll does not know is far away, and the roll starts anew around it. */
  async #goNear(imageId: number): Promise<void> {
    if (!this.#roll.goTo(imageId)) await this.#roll.start(imageId);
  }

  #isMissing({ imageId, keypoint }: Cell): boolean {
    const image = this.store.get(imageId);
    return image !== undefined && this.#shownLabel(image, keypoint).state === 'missing';
  }
}
