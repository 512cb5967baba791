/**
 * What lies before the labeller: one image with its cells as they shall be, stored or not, and what comes next. Every
 * change goes into the outbox, is seen at once, and counts as saved when the service says that it is stored.
 */
import type { Author, Cell } from '../../contract/cells.ts';
import type { EditorImage, ShapeModelView } from '../../contract/images.ts';
import type { Change } from '../../contract/changes.ts';
import type { ChangedCell } from '../../contract/labels.ts';
import { type Label, sameLabel } from '../../domain/label.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import { warningsOf } from '../../domain/warnings.ts';
import type { Client } from './client.ts';
import { Outbox } from './outbox.ts';
import type { OutboxOptions } from './outbox.ts';
import { PaceMeter } from './pace.ts';
import { proposalsFor, Rejections } from './proposals.ts';
import type { Proposal } from './proposals.ts';
import type { Blind, CellView, EditorState } from './state.ts';
import { Supply } from './supply.ts';
import type { Work } from './supply.ts';
import { personText, takenBackText } from './words.ts';

/** A change of one cell of the image shown. */
export interface KeypointEdit {
  readonly keypoint: number;
  readonly after: Label;
  /** Whom the place is due to where it isn't the person. */
  readonly author?: Author | undefined;
}

export interface DeskOptions extends OutboxOptions {
  readonly service: Client;
  readonly schema: KeypointSchema;
  /** Who the person is. */
  readonly me: () => Author;
  /** Whether the image's picture can be seen: nobody labels what they do not see. */
  readonly isSeen: (image: EditorImage) => boolean;
}

const nothing: EditorState = {
  work: { selection: {}, loop: undefined },
  image: undefined,
  loading: true,
  cells: [],
  target: undefined,
  placing: 'visible',
  held: undefined,
  proposals: [],
  warnings: [],
  blind: undefined,
  hint: undefined,
  failure: '',
  roll: { ids: [], at: 0 },
  soon: [],
  counts: undefined,
  pace: new PaceMeter().pace,
  unsaved: 0,
  conflicts: [],
  problem: undefined,
};

export class Desk {
  readonly service: Client;
  readonly schema: KeypointSchema;
  readonly isSeen: (image: EditorImage) => boolean;
  readonly workspace: string | undefined;
  readonly outbox: Outbox;
  readonly supply: Supply;
  readonly #rejections = new Rejections();
  /** Those since the last change, which undo takes back first. */
  #rejected: { readonly imageId: number; readonly proposal: Proposal }[] = [];
  /** The target, which somebody else has changed while the person was about to, and hasn't been told: `ben has just placed it`. */
  #taken: (Cell & { readonly how: string }) | undefined;
  readonly #pace = new PaceMeter();
  readonly #listeners = new Set<(state: EditorState) => void>();
  #state = nothing;
  #shape: ShapeModelView | undefined;
  /** Of showing images: only the latest wish counts. */
  #turn = 0;
  #hints = 0;

  constructor({ service, schema, me, isSeen, ...options }: DeskOptions) {
    this.service = service;
    this.isSeen = isSeen;
    this.workspace = options.workspace;
    this.schema = schema;
    this.outbox = new Outbox(
      service.labels,
      me,
      {
        stored: (cells) => {
          this.supply.change(cells, true);
          this.#look();
        },
        changed: () => this.#look(),
      },
      options,
    );
    this.supply = new Supply(
      service,
      schema.keypoints.length,
      (image, keypoint) => this.#cell(image, keypoint).label,
      () => this.#look(),
    );
  }

  get state(): EditorState {
    return this.#state;
  }

  /** @param listener called with each new state. @returns what ends that */
  subscribe(listener: (state: EditorState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(patch: Partial<EditorState>): void {
    if ('target' in patch && patch.target !== this.#state.target) this.#taken = undefined;
    this.#state = { ...this.#state, ...patch };
    for (const listener of this.#listeners) listener(this.#state);
  }

  /** Starts with other work: other images, another order, or another mode. */
  async open(work: Work, imageId?: number, keypoint?: number): Promise<void> {
    const turn = ++this.#turn;
    this.set({ work, loading: true, failure: '' });
    if (!this.#shape) void this.attempt(this.#loadShape());
    const first = await this.supply.open(work, imageId);
    if (turn !== this.#turn) return;
    if (first === undefined) this.set({ image: undefined, cells: [], target: undefined, loading: false });
    else await this.show(first, work.loop ?? keypoint);
  }

  /**
   * Shows an image, at once where it is at hand.
   * @param keypoint the target; where none is given, the first missing one
   */
  async show(imageId: number, keypoint?: number, blind?: Blind): Promise<void> {
    const turn = ++this.#turn;
    const { store } = this.supply;
    if (!store.get(imageId)) {
      this.set({ loading: true });
      await store.ensure([imageId]);
      if (turn !== this.#turn) return;
    }
    const image = store.get(imageId);
    if (!image) {
      this.set({ loading: false });
      this.say(`Image ${imageId} is not in the workspace.`);
      return;
    }
    this.#state = {
      ...this.#state,
      image,
      blind,
      held: undefined,
      placing: 'visible',
      loading: false,
      failure: '',
    };
    this.#look();
    if (keypoint === undefined) {
      const first = this.#state.cells.findIndex(({ label }) => label.state === 'missing');
      this.set({ target: first < 0 ? undefined : first });
    } else this.set({ target: keypoint });
    // What the person did is stored first. What comes next and cannot be had now is asked for again when it is wanted.
    if (!blind) void this.outbox.flush().then(() => this.supply.prepare(imageId).catch(() => undefined));
  }

  /** Changes cells of the image shown: on the screen now, in the database soon. */
  change(edits: readonly KeypointEdit[], options?: { note?: string | undefined; lingers?: boolean }): void {
    const { image } = this.#state;
    if (!image || edits.length === 0) return;
    const filled = edits.filter(
      ({ keypoint, after }) =>
        this.#state.cells[keypoint]!.label.state === 'missing' && after.state !== 'missing',
    );
    if (filled.length > 0) this.#pace.filled(filled.length);
    const changes = edits.map(({ keypoint, after, author }) => {
      const { label: before } = this.#state.cells[keypoint]!;
      return { imageId: image.id, keypoint, before, after, author };
    });
    this.#rejected = [];
    this.outbox.put(changes, options);
  }

  /** A proposal is no good: the next best one shows, if there is another. */
  reject(proposal: Proposal): void {
    const { image } = this.#state;
    if (!image) return;
    this.#rejections.add(image.id, proposal);
    this.#rejected.push({ imageId: image.id, proposal });
    this.#look();
  }

  /** @returns who has changed the keypoint under the person's hand, and how: once, then the person may, too */
  takenBy(keypoint: number): string | undefined {
    const taken = this.#taken;
    this.#taken = undefined;
    return taken?.imageId === this.#state.image?.id && taken?.keypoint === keypoint ? taken.how : undefined;
  }

  /** One image on or back in the roll. */
  async step(by: 1 | -1): Promise<void> {
    if (await this.supply.roll.step(by)) await this.show(this.supply.roll.current!, this.#state.work.loop);
    else this.say(by > 0 ? 'This is the last image.' : 'This is the first image.');
  }

  /** Takes back (or makes again) the person's latest change, and goes to where it was. */
  async takeBack(kind: 'undo' | 'redo', imageId?: number): Promise<void> {
    if (kind === 'undo' && ((await this.#withdrawAnswer()) || (await this.#takeRejectionBack(imageId))))
      return;
    this.#rejected = [];
    const taken = await this.outbox.takeBack(kind, imageId);
    this.say(takenBackText(kind, taken, this.schema.keypoints));
    this.#pace.takenBack(taken?.changed ?? []);
    const [first] = taken?.changed ?? [];
    if (!first) return;
    const here = taken!.changed.find((cell) => cell.imageId === this.#state.image?.id);
    if (here) this.set({ target: here.keypoint, held: undefined, blind: undefined });
    else {
      this.supply.goTo(first.imageId);
      await this.show(first.imageId, first.keypoint);
    }
  }

  /** @returns whether the answer to a second look is what there was to take back */
  async #withdrawAnswer(): Promise<boolean> {
    const { blind } = this.#state;
    if (!blind?.answer?.counts) return false;
    await this.service.relabel.withdraw({ workspace: this.workspace, id: blind.answer.id });
    if (this.#state.blind === blind)
      this.set({ blind: { ...blind, answer: { ...blind.answer, counts: false } } });
    this.say('Your answer does not count.');
    return true;
  }

  async #takeRejectionBack(ofImage: number | undefined): Promise<boolean> {
    const last = this.#rejected.at(-1);
    if (!last || (ofImage !== undefined && ofImage !== last.imageId)) return false;
    const { imageId, proposal } = this.#rejected.pop()!;
    this.#rejections.remove(imageId, proposal);
    if (imageId !== this.#state.image?.id) this.supply.goTo(imageId);
    await this.show(imageId, proposal.keypoint);
    this.say('The proposal is back.');
    return true;
  }

  /** What others (and other pages) do. @param own whether this page did it */
  hear(change: Change, own: boolean): void {
    if (change.type === 'runs') return;
    if (change.type === 'labels') {
      if (own) return;
      this.#noticeTaken(change.cells);
      this.supply.change(change.cells, false);
      void this.supply.count(2000);
      if (change.more) void this.refresh();
      this.#look();
    } else {
      // After a time without a connection, or with other images or predictions than before.
      this.supply.roll.reopen();
      void this.refresh();
      void this.attempt(this.#loadShape());
    }
  }

  #noticeTaken(cells: readonly ChangedCell[]): void {
    const { image, target, held, blind, cells: shown } = this.#state;
    const theirs = cells.find(({ imageId, keypoint }) => imageId === image?.id && keypoint === target);
    if (!theirs || blind || sameLabel(shown[theirs.keypoint]!.label, theirs.label)) return;
    const { imageId, keypoint, author, label } = theirs;
    const isPlacing = shown[keypoint]!.label.state === 'missing' && label.state !== 'missing';
    this.#taken = {
      imageId,
      keypoint,
      how: `${personText(author)} has just ${isPlacing ? 'placed' : 'changed'} it`,
    };
    // What was begun from the cell as it was is no proposal any more.
    if (held?.by === 'keys' && held.keypoint === keypoint) this.set({ held: undefined });
  }

  /** Asks for everything that is at hand anew. */
  async refresh(): Promise<void> {
    try {
      await Promise.all([this.supply.store.refresh(), this.supply.count()]);
      this.#look();
    } catch (error) {
      this.#explain(error);
    }
  }

  /** Says what happened, beside the pointer and for screen readers. */
  say(text: string): void {
    this.set({ hint: { text, number: ++this.#hints } });
  }

  /** Runs what may fail on the way to the service. */
  async attempt(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => this.#explain(error));
  }

  #explain(error: unknown): void {
    this.set({ loading: false, failure: error instanceof Error ? error.message : String(error) });
  }

  /** Nobody waits for it: proposals appear when it is there. */
  async #loadShape(): Promise<void> {
    this.#shape = await this.service.images.shape();
    this.#look();
  }

  /** Composes what is seen anew. */
  #look(): void {
    const image = this.#state.image && (this.supply.store.get(this.#state.image.id) ?? this.#state.image);
    const cells = image ? this.schema.keypoints.map((_, keypoint) => this.#cell(image, keypoint)) : [];
    const { roll, counts, soon } = this.supply;
    const { unsaved, conflicts, problem } = this.outbox;
    this.set({
      image,
      cells,
      ...this.#judge(image, cells),
      roll: { ids: roll.ids, at: roll.at },
      soon: same(soon, this.#state.soon) ? this.#state.soon : soon,
      counts,
      pace: this.#pace.pace,
      unsaved,
      conflicts,
      problem,
    });
  }

  #judge(image: EditorImage | undefined, cells: readonly CellView[]) {
    if (!image || !this.#shape || this.#state.blind) return { proposals: [], warnings: [] };
    const labels = cells.map(({ label }) => label);
    const proposals = proposalsFor(this.schema, this.#shape, image, labels, this.#rejections);
    const { loop } = this.#state.work;
    return {
      // In loop mode the others would only be in the way.
      proposals: loop === undefined ? proposals : proposals.map((one, k) => (k === loop ? one : undefined)),
      warnings: warningsOf(this.schema, this.#shape, image, labels),
    };
  }

  /** A cell that is shown blind looks like a missing one. */
  #cell(image: EditorImage, keypoint: number): CellView {
    const { blind } = this.#state;
    if (blind?.cell.imageId === image.id && blind.cell.keypoint === keypoint)
      return { label: { state: 'missing' }, author: null, saved: true };
    const pending = this.outbox.pending({ imageId: image.id, keypoint });
    if (pending) return { label: pending.after, author: pending.author ?? null, saved: false };
    return { label: image.labels[keypoint]!, author: image.authors[keypoint]!, saved: true };
  }
}

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((id, i) => id === b[i]);
