/**
 * Changes on their way to the database: one after the other, each with what its cells held before. A change stays here
 * until the service has said that it is stored, or somebody decided what becomes of it.
 */
import type { Author, Cell } from '../../contract/cells.ts';
import type { ChangedCell } from '../../contract/labels.ts';
import type { Label } from '../../domain/label.ts';
import type { Client } from './client.ts';

export interface CellEdit extends Cell {
  readonly before: Label;
  readonly after: Label;
  /** Whom the place is due to where it isn't the person. */
  readonly author?: Author | undefined;
}

/** A change that was refused: somebody else was quicker. Theirs stands until the person decides. */
export interface Conflict extends Cell {
  readonly mine: CellEdit;
  readonly theirs: ChangedCell;
}

export type TakenBack = Awaited<ReturnType<Client['labels']['undo']>>;

/** Whose it is stays so, should the page be another person's when it is sent. */
type Operation = { readonly by: Author } & (
  | { readonly kind: 'edit'; edits: CellEdit[]; readonly note?: string | undefined; lingers: boolean }
  | {
      readonly kind: 'undo' | 'redo';
      readonly imageId?: number | undefined;
      /** The change meant, once it is known: sent twice, it is not taken back twice. */
      change?: number | null;
      readonly done: (taken: TakenBack) => void;
    }
);

export interface OutboxEvents {
  /** These cells are stored so. */
  stored(cells: readonly ChangedCell[]): void;
  /** Anything that is shown of the outbox is another. */
  changed(): void;
}

export interface OutboxOptions {
  /** The workspace's folder: should the service have another one open, nothing is stored there. */
  readonly workspace?: string;
  /** Whether an error means that the service could not be reached, and nothing else. */
  readonly isLost: (error: unknown) => boolean;
  /** How long a change that lingers waits for one that goes further, in ms. */
  readonly linger?: number;
  /** Between two attempts to reach the service, in ms. */
  readonly retryAfter?: number;
}

export class Outbox {
  readonly #service: Client['labels'];
  readonly #me: () => Author;
  readonly #events: OutboxEvents;
  readonly #workspace: string | undefined;
  readonly #isLost: (error: unknown) => boolean;
  readonly #linger: number;
  readonly #retryAfter: number;
  readonly #queue: Operation[] = [];
  #sending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idle: (() => void)[] = [];
  #conflicts: readonly Conflict[] = [];
  #problem: Error | undefined;
  #waiting = false;

  constructor(
    service: Client['labels'],
    me: () => Author,
    events: OutboxEvents,
    { workspace, isLost, linger = 300, retryAfter = 250 }: OutboxOptions,
  ) {
    this.#service = service;
    this.#me = me;
    this.#events = events;
    this.#workspace = workspace;
    this.#isLost = isLost;
    this.#linger = linger;
    this.#retryAfter = retryAfter;
  }

  /** Cells whose change is not stored yet; one for what is to be taken back. */
  get unsaved(): number {
    return this.#queue.reduce(
      (cells, operation) => cells + (operation.kind === 'edit' ? operation.edits.length : 1),
      0,
    );
  }

  /** The service cannot be reached at the moment; the changes are kept, and sent when it can. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Why the first change could not be stored; nothing is sent before `retry` or `discard`. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  get conflicts(): readonly Conflict[] {
    return this.#conflicts;
  }

  /** What the cell shall become: the last change that is not stored yet. */
  pending({ imageId, keypoint }: Cell): CellEdit | undefined {
    for (const operation of this.#queue.toReversed()) {
      if (operation.kind !== 'edit') continue;
      const found = operation.edits.find((edit) => edit.imageId === imageId && edit.keypoint === keypoint);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * Sends a change. One that lingers is sent a moment later, as one with those that go on from it: a point nudged ten
   * times is moved once.
   */
  put(
    edits: readonly CellEdit[],
    { note, lingers = false }: { note?: string | undefined; lingers?: boolean } = {},
  ): void {
    const last = this.#queue.at(-1);
    if (last?.kind === 'edit' && last.lingers && lingers && sameCells(last.edits, edits))
      last.edits = edits.map((edit, i) => ({ ...edit, before: last.edits[i]!.before }));
    else {
      this.#release();
      this.#queue.push({ kind: 'edit', by: this.#me(), edits: [...edits], note, lingers });
    }
    clearTimeout(this.#timer);
    if (lingers) this.#timer = setTimeout(() => this.#start(), this.#linger);
    else this.#start();
    this.#events.changed();
  }

  /** Takes back the person's latest change (on the image), after all that was put here before. */
  takeBack(kind: 'undo' | 'redo', imageId?: number): Promise<TakenBack> {
    return new Promise((done) => {
      this.#queue.push({ kind, by: this.#me(), imageId, done });
      this.#start();
      this.#events.changed();
    });
  }

  /** Sends what lingers. @returns when nothing is left, or nothing can be sent before the person decides */
  async flush(): Promise<void> {
    this.#start();
    if (this.#sending) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** After a problem. */
  retry(): void {
    this.#problem = undefined;
    this.#start();
    this.#events.changed();
  }

  /** Gives up what is not stored. */
  discard(): void {
    this.#problem = undefined;
    this.#clear();
    this.#events.changed();
  }

  /** Ends a conflict: theirs stays, or mine is made of theirs. */
  resolve(conflict: Conflict, whose: 'mine' | 'theirs'): void {
    this.#conflicts = this.#conflicts.filter((other) => other !== conflict);
    if (whose === 'mine') this.put([{ ...conflict.mine, before: conflict.theirs.label }]);
    else this.#events.changed();
  }

  /** Nothing more is sent; what lingers is. */
  #start(): void {
    this.#release();
    if (this.#sending || this.#problem) return;
    this.#sending = true;
    void this.#run();
  }

  #release(): void {
    clearTimeout(this.#timer);
    for (const operation of this.#queue) if (operation.kind === 'edit') operation.lingers = false;
  }

  async #run(): Promise<void> {
    for (let first = this.#queue[0]; first && !this.#problem && !isLingering(first); first = this.#queue[0]) {
      try {
        if (first.kind === 'edit') await this.#send(first);
        else await this.#takeBack(first);
        this.#waiting = false;
      } catch (error) {
        await this.#fail(first, error);
      }
      this.#events.changed();
    }
    this.#sending = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #send(operation: Extract<Operation, { kind: 'edit' }>): Promise<void> {
    const { by, edits, note } = operation;
    const changes = edits.map(({ author, ...edit }) => ({ ...edit, ...(author ? { author } : {}) }));
    await this.#service.apply({ workspace: this.#workspace, user: by.name || undefined, changes, note });
    this.#drop(operation);
    this.#events.stored(
      edits.map(({ imageId, keypoint, after, author }) => ({
        imageId,
        keypoint,
        label: after,
        author: author ?? by,
      })),
    );
  }

  async #takeBack(operation: Exclude<Operation, { kind: 'edit' }>): Promise<void> {
    const { kind, by, imageId } = operation;
    const scope = { workspace: this.#workspace, user: by.name || undefined, imageId };
    operation.change ??= await this.#service.latest({ kind, ...scope });
    const { change } = operation;
    const taken = change === null ? null : await this.#service[kind]({ ...scope, change });
    this.#drop(operation);
    this.#events.stored(taken?.changed ?? []);
    operation.done(taken);
  }

  async #fail(operation: Operation, error: unknown): Promise<void> {
    if (this.#isLost(error)) {
      this.#waiting = true;
      this.#events.changed();
      await new Promise((resolve) => setTimeout(resolve, this.#retryAfter));
    } else if (operation.kind === 'edit' && isConflict(error)) this.#refuse(error.data.found);
    else {
      if (operation.kind !== 'edit') {
        this.#drop(operation);
        operation.done(null);
      }
      this.#problem = error as Error;
    }
  }

  /** Takes the cells that others changed out of all that is still to be sent: it was built on what they held before. */
  #refuse(found: readonly ChangedCell[]): void {
    for (const theirs of found) {
      const mine = this.pending(theirs);
      if (mine)
        this.#conflicts = [
          ...this.#conflicts,
          { imageId: theirs.imageId, keypoint: theirs.keypoint, mine, theirs },
        ];
    }
    for (const operation of this.#queue)
      if (operation.kind === 'edit')
        operation.edits = operation.edits.filter((edit) => !found.some((theirs) => isSameCell(theirs, edit)));
    for (const operation of [...this.#queue])
      if (operation.kind === 'edit' && operation.edits.length === 0) this.#drop(operation);
    this.#events.stored(found);
  }

  #drop(operation: Operation): void {
    const at = this.#queue.indexOf(operation);
    if (at >= 0) this.#queue.splice(at, 1); // else it was given up while it was on its way
  }

  #clear(): void {
    for (const operation of this.#queue.splice(0)) if (operation.kind !== 'edit') operation.done(null);
  }
}

const isLingering = (operation: Operation) => operation.kind === 'edit' && operation.lingers;

const isSameCell = (a: Cell, b: Cell) => a.imageId === b.imageId && a.keypoint === b.keypoint;

const sameCells = (a: readonly Cell[], b: readonly Cell[]) =>
  a.length === b.length && a.every((cell, i) => isSameCell(cell, b[i]!));

function isConflict(error: unknown): error is { data: { found: ChangedCell[] } } {
  return (error as { code?: string } | null)?.code === 'LABEL_CONFLICT';
}
