/** What a labeller does to the image on the desk: one method for each thing. */
import type { Cell } from '../../contract/cells.ts';
import type { EditorImage } from '../../contract/images.ts';
import type { HistoryEntry } from '../../contract/labels.ts';
import { isPlaced, missing, sameLabel } from '../../domain/label.ts';
import { counted, spoken } from '../frame/format.ts';
import { copiesOf } from './copies.ts';
import { Desk } from './desk.ts';
import type { DeskOptions } from './desk.ts';
import type { Accepted } from './proposals.ts';
import { acceptedAt } from './proposals.ts';
import type { EditorState } from './state.ts';
import type { Point } from './viewport.ts';
import { snap } from './viewport.ts';
import { personText } from './words.ts';

/** How far an arrow key moves a point, in pixels of the image. */
export const nudges = { usual: 1, far: 5, near: 0.1 } as const;

/** Whoever skips a blind cell is asked again, but not at once. */
const cellsAfterSkip = 50;

export class Editor {
  readonly desk: Desk;
  /** A labelled cell that is due to be shown without its point. */
  #due: Cell | undefined;
  #askingForDue = false;
  /** The answer to a second look, on its way. */
  #answering: Promise<void> | undefined;
  /** The last cell that was looked at again and answered. */
  #answered: Cell | undefined;
  /** Cells still to be labelled until one that was skipped without an answer comes again. */
  #skipped = 0;

  constructor(options: DeskOptions) {
    this.desk = new Desk(options);
  }

  get state(): EditorState {
    return this.desk.state;
  }

  // The target

  /** Makes a keypoint the one that clicks and keys are about. */
  select(keypoint: number): void {
    const { image, blind } = this.state;
    if (!image || keypoint >= this.#keypoints) return;
    if (blind && !blind.answer && keypoint !== blind.cell.keypoint) this.#sayWhatIsAsked();
    else this.desk.set({ target: keypoint, held: undefined });
  }

  /** The next keypoint of the schema, or the one before. */
  selectNext(by: 1 | -1): void {
    const { target } = this.state;
    const from = target ?? (by > 0 ? -1 : this.#keypoints);
    this.select((from + by + this.#keypoints) % this.#keypoints);
  }

  /** Lets go of what is being moved; else of the target. */
  cancel(): void {
    const { held, blind } = this.state;
    if (held) this.desk.set({ held: undefined });
    else if (blind) void this.nextCell();
    else this.desk.set({ target: undefined });
  }

  // Labels

  /**
   * Sets the target's place. A missing point is placed, and the next one becomes the target.
   * @param point in pixels of the image, brought to a tenth of a pixel within the picture
   */
  place(point: Point): void {
    const { target, blind, cells, placing } = this.state;
    const image = this.#seen();
    if (!image || target === undefined) return;
    const place = snap(point, image);
    if (blind) return this.#answer(blind.cell, place);
    if (this.#isTaken(target, 'another click moves it')) return;
    const { label } = cells[target]!;
    const state = isPlaced(label) ? label.state : placing;
    this.desk.change([{ keypoint: target, after: { state, ...place } }]);
    if (label.state === 'missing') this.#goOn();
  }

  /** Of a point that others have changed while it was dragged: theirs stays. */
  sayChanged(keypoint: number): void {
    this.desk.say(
      `${personText(this.state.cells[keypoint]?.author)} has just changed it; drag it again to move it`,
    );
  }

  /** Moves a placed target; a missing one is moved as a proposal until it is accepted. @param by in pixels of the image */
  nudge(by: Point): void {
    const { image, target, cells, held, blind, proposals } = this.state;
    if (!image || target === undefined || blind?.answer || this.#isTaken(target)) return;
    const { label } = cells[target]!;
    const taken = this.#held(target);
    const proposal = taken ? taken.proposal : proposals[target];
    const from = held?.keypoint === target ? held : isPlaced(label) ? label : (proposal ?? middle(image));
    const place = snap({ x: from.x + by.x, y: from.y + by.y }, image);
    if (isPlaced(label))
      this.desk.change([{ keypoint: target, after: { state: label.state, ...place } }], { lingers: true });
    else this.desk.set({ held: { keypoint: target, ...place, by: 'keys', proposal } });
  }

  /** A placed point changes between visible and occluded; a proposal is accepted as occluded; else the next placement is. */
  toggleOccluded(): void {
    const { target, cells, placing, held, proposals } = this.state;
    if (target === undefined || this.#isBlind() || this.#isTaken(target)) return;
    const { label } = cells[target]!;
    if (isPlaced(label)) {
      const state = label.state === 'visible' ? 'occluded' : 'visible';
      this.desk.change([{ keypoint: target, after: { ...label, state } }]);
    } else if (held ?? proposals[target]) {
      this.desk.set({ placing: 'occluded' });
      this.accept();
    } else {
      this.desk.set({ placing: placing === 'visible' ? 'occluded' : 'visible' });
      this.desk.say(`next placement: ${this.state.placing}`);
    }
  }

  /** The target cannot be placed in this picture. */
  setAbsent(): void {
    const { target, cells } = this.state;
    if (target === undefined || this.#isBlind() || cells[target]!.label.state === 'absent') return;
    if (!this.#seen() || this.#isTaken(target)) return;
    const wasMissing = cells[target]!.label.state === 'missing';
    this.desk.change([{ keypoint: target, after: { state: 'absent' } }]);
    if (wasMissing) this.#goOn();
  }

  /** The target is missing again. */
  clear(): void {
    const { target, cells } = this.state;
    if (target === undefined || this.#isBlind() || cells[target]!.label.state === 'missing') return;
    if (this.#isTaken(target)) return;
    this.desk.change([{ keypoint: target, after: missing }]);
  }

  /** Sets a keypoint of the image shown to what it was at some time. */
  revert({ imageId, keypoint, after, author }: HistoryEntry): void {
    const { image, cells } = this.state;
    if (image?.id !== imageId || !cells[keypoint] || sameLabel(cells[keypoint].label, after)) return;
    this.desk.change([{ keypoint, after, author: author ?? undefined }], {
      note: 'back to an earlier state',
    });
    this.select(keypoint);
  }

  // Proposals

  /** Makes the target's proposal (moved or not) its label, and goes on. */
  accept(): void {
    const { target, placing, cells, blind } = this.state;
    if (target === undefined) return;
    if (blind?.answer) return void this.nextCell();
    const image = this.#seen();
    if (!image) return;
    const accepted = this.#accepted(target, image);
    if (!accepted || cells[target]!.label.state !== 'missing') {
      if (!this.#isBlind()) this.desk.say('no proposal here');
      return;
    }
    const { place, author, origin } = accepted;
    if (blind) return this.#answer(blind.cell, place);
    this.desk.set({ held: undefined });
    this.desk.change([{ keypoint: target, after: { state: placing, ...place }, author }], { note: origin });
    this.#goOn();
  }

  /** Accepts all proposals of the image as one change, and goes on to the next image. */
  acceptAll(): void {
    if (this.state.blind?.answer) return void this.nextCell();
    if (this.#isBlind()) return;
    const image = this.#seen();
    if (!image) return;
    let note: string | undefined;
    const edits = this.state.cells.flatMap(({ label }, keypoint) => {
      const accepted = label.state === 'missing' ? this.#accepted(keypoint, image) : undefined;
      if (!accepted) return [];
      const { place, author, origin } = accepted;
      if (origin) note = `${spoken(this.desk.schema.keypoints[keypoint]!)} ${origin}`; // only one is ever held
      return [{ keypoint, after: { state: 'visible' as const, ...place }, author }];
    });
    this.desk.set({ held: undefined });
    this.desk.change(edits, { note });
    void this.desk.attempt(this.#toNextImage());
  }

  /** Takes the target's proposal up, to move it before it is accepted. */
  edit(): void {
    const { image, target, cells, blind, proposals } = this.state;
    if (!image || target === undefined || blind?.answer || cells[target]!.label.state !== 'missing') return;
    const proposal = proposals[target];
    const { x, y } = proposal ?? middle(image);
    this.desk.set({ held: { keypoint: target, x, y, by: 'keys', proposal } });
  }

  /** The target's proposal is no good: the next best one shows, if there is another. Undo brings it back. */
  reject(): void {
    const { target, proposals } = this.state;
    const proposal = target === undefined ? undefined : proposals[target];
    if (!proposal) return this.desk.say('no proposal here');
    this.desk.set({ held: undefined });
    this.desk.reject(proposal);
  }

  /** Copies what is missing here from the image before it among its near duplicates, else in its video, as one change. */
  async copyFromDuplicate(): Promise<void> {
    if (this.#isBlind()) return;
    return this.desk.attempt(this.#copy());
  }

  // Ways

  nextImage(by: 1 | -1): Promise<void> {
    return this.desk.attempt(this.desk.step(by));
  }

  /** The next cell that needs a person: in this image behind the target, else in the next ones. */
  nextCell(): Promise<void> {
    return this.desk.attempt(this.#nextCell());
  }

  /** Starts the queue again at its head. */
  firstCell(): Promise<void> {
    return this.desk.attempt(this.desk.open(this.state.work));
  }

  goTo(imageId: number): Promise<void> {
    this.desk.supply.goTo(imageId);
    return this.desk.attempt(this.desk.show(imageId, this.state.work.loop));
  }

  async undo(scope: 'image' | 'all'): Promise<void> {
    await this.#answering; // it is the first to be taken back
    return this.desk.attempt(
      this.desk.takeBack('undo', scope === 'image' ? this.state.image?.id : undefined),
    );
  }

  redo(scope: 'image' | 'all'): Promise<void> {
    return this.desk.attempt(
      this.desk.takeBack('redo', scope === 'image' ? this.state.image?.id : undefined),
    );
  }

  /** The image, once its picture is on the screen: nobody labels what they do not see. */
  #seen(): EditorImage | undefined {
    const { image } = this.state;
    if (!image || this.desk.isSeen(image)) return image;
    this.desk.say('the picture is not there yet');
    return undefined;
  }

  /** A keypoint that is being moved by keys. */
  #held(keypoint: number) {
    const { held } = this.state;
    return held?.keypoint === keypoint && held.by === 'keys' ? held : undefined;
  }

  /** What accepting a keypoint's proposal gives, where it has been moved to if it has. */
  #accepted(keypoint: number, image: EditorImage): Accepted | undefined {
    const held = this.#held(keypoint);
    const proposal = held ? held.proposal : this.state.proposals[keypoint];
    const at = held ?? proposal;
    return at && acceptedAt(at, proposal, image);
  }

  /** Whether a cell is looked at again: it asks for a place and nothing else, and says so. */
  #isBlind(): boolean {
    const { blind } = this.state;
    if (blind && !blind.answer) this.#sayWhatIsAsked();
    return blind !== undefined;
  }

  #sayWhatIsAsked(): void {
    this.desk.say('only a place is asked for here; the next cell passes it over');
  }

  /** Whether somebody else has just changed the target, which is told first: asked for again, it is done. */
  #isTaken(target: number, then = 'press again to change it'): boolean {
    const how = this.desk.takenBy(target);
    if (how) this.desk.say(`${how}; ${then}`);
    return how !== undefined;
  }

  get #keypoints(): number {
    return this.desk.schema.keypoints.length;
  }

  /** After a placement: the next missing point of the image; in loop mode the next image. */
  #goOn(): void {
    void this.#askForDue();
    const { work, target } = this.state;
    if (work.loop !== undefined) return void this.desk.attempt(this.#toNextImage());
    const next = this.#missingFrom(target! + 1) ?? this.#missingFrom(0);
    this.desk.set({ target: next, placing: 'visible' });
    if (next !== undefined) this.desk.say(`next: ${this.desk.schema.keypoints[next]!.replaceAll('_', ' ')}`);
    else void this.desk.attempt(this.#toNextImage());
  }

  #isMissing(keypoint: number): boolean {
    return this.state.cells[keypoint]?.label.state === 'missing';
  }

  #missingFrom(keypoint: number): number | undefined {
    const found = this.state.cells.findIndex(({ label }, k) => k >= keypoint && label.state === 'missing');
    return found < 0 ? undefined : found;
  }

  async #nextCell(): Promise<void> {
    const { work, target, blind } = this.state;
    if (blind && !blind.answer) this.#skipped = cellsAfterSkip;
    const next =
      work.loop === undefined && !blind
        ? this.#missingFrom(target === undefined ? 0 : target + 1)
        : undefined;
    if (next !== undefined) this.select(next);
    else await this.#toNextImage();
  }

  async #toNextImage(): Promise<void> {
    const present = this.desk.supply.roll.current;
    if (present === undefined) return;
    if (this.#due) {
      const cell = this.#due;
      this.#due = undefined;
      return this.desk.show(cell.imageId, cell.keypoint, { cell });
    }
    const cell = await this.desk.supply.nextCell(present);
    if (cell) return this.desk.show(cell.imageId, cell.keypoint);
    if (this.state.blind) await this.desk.show(present, this.state.work.loop);
    const { loop } = this.state.work;
    const here = loop === undefined ? this.#missingFrom(0) : this.#isMissing(loop) ? loop : undefined;
    if (here === undefined) this.desk.say('nothing is left to do');
    else this.select(here);
  }

  /** Whoever fills cells quickly asks once: a second answer would show the same cell twice. */
  async #askForDue(): Promise<void> {
    if (this.#skipped > 0) return void this.#skipped--;
    if (this.#due || this.#askingForDue) return;
    this.#askingForDue = true;
    try {
      await this.desk.outbox.flush(); // what is stored goes first
      this.#due = await this.#nextDue();
    } catch {
      // It can wait.
    } finally {
      this.#askingForDue = false;
    }
  }

  async #nextDue(): Promise<Cell | undefined> {
    const { selection, loop } = this.state.work;
    // Of the images selected, but not because of what they lack: a labelled cell is wanted.
    const filter = {
      ...selection.filter,
      keypoint: undefined,
      state: undefined,
      author: undefined,
      complete: undefined,
    };
    const keypoint = loop === undefined ? {} : { keypoint: loop };
    return (await this.desk.service.relabel.next({ filter, ...keypoint })) ?? undefined;
  }

  /** Each cell that is shown is answered once, however often it is clicked before the answer is stored. */
  #answer(cell: Cell, place: Point): void {
    this.desk.set({ held: undefined });
    if (this.#answered === cell) return;
    this.#answered = cell;
    const answering = this.desk.service.relabel
      .answer({ workspace: this.desk.workspace, ...cell, ...place })
      .then(({ id, pixels, label, author }) => {
        if (this.state.blind?.cell === cell)
          this.desk.set({ blind: { cell, answer: { id, ...place, pixels, label, author, counts: true } } });
        this.desk.say(`${pixels.toFixed(1)} px from the label`);
      })
      .catch((error: unknown) => {
        this.#answered = undefined;
        throw error;
      });
    this.#answering = this.desk.attempt(answering);
  }

  async #copy(): Promise<void> {
    const { image } = this.state;
    const from = image && (before(image.id, image.duplicates) ?? before(image.id, image.companions));
    if (!image || from === undefined) return this.desk.say('no near duplicate');
    const { store } = this.desk.supply;
    await store.ensure([from]);
    const source = store.get(from);
    if (!source || this.state.image?.id !== image.id) return;
    const edits = copiesOf(source, image, this.state.cells);
    if (edits.length === 0) return this.desk.say(`nothing to copy from image ${from}`);
    this.desk.change(edits, { note: `copied from image ${from}` });
    this.desk.say(`${counted(edits.length, 'point')} copied from image ${from}`);
  }
}

/** Where a point is moved from for which nothing is proposed. */
const middle = ({ width, height }: EditorImage): Point => ({ x: (width - 1) / 2, y: (height - 1) / 2 });

/** The last of the others before it, else the first. */
const before = (id: number, others: readonly number[]) => others.findLast((other) => other < id) ?? others[0];
