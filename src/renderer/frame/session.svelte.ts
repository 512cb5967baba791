/** What every screen shows of the workspace, and what others do to it as it happens. */
import { toast } from 'svelte-sonner';
import type { Change } from '../../contract/changes.ts';
import type { WorkspaceInfo, WorkspaceOutline } from '../../contract/workspace.ts';
import { ConnectionLost, service } from '../connection.ts';
import { whenViewIsThere } from './view-first.ts';

/** In milliseconds. */
const headStart = 100;

type Listener = (change: Change) => void;

class Session {
  /** Undefined until it is known, or where there is no workspace. */
  outline = $state.raw<WorkspaceOutline>();
  /** As `outline`, and somewhat later. */
  info = $state.raw<WorkspaceInfo>();
  /** Whether it is known what is there. */
  loaded = $state(false);
  /** Why the workspace cannot be shown; empty where it can, or where there is none yet. */
  problem = $state('');
  /** The folder that holds no workspace yet. */
  missing = $state('');
  /** Who the service says that the person is. */
  user = $state('');
  /** This page's connection: changes that it made itself carry this name. */
  client = $state('');
  /** Missing cells of the training images. */
  remaining = $state<number>();
  readonly #listeners = new Set<Listener>();
  #reloading = false;
  #turn = 0;

  /** The workspace's folder, which edits name; undefined where there is none. */
  get workspace(): string | undefined {
    return this.outline?.directory;
  }

  /** The folder that is open, whether it holds a workspace yet or not. */
  get folder(): string {
    return this.outline?.directory ?? this.missing;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const outline = await service.workspace.outline();
      if (turn !== this.#turn) return;
      const isOther = this.outline?.directory !== outline.directory;
      if (isOther && this.outline) toast(`The workspace ${outline.directory} is open now.`);
      this.outline = outline;
      this.problem = '';
      this.missing = '';
      this.loaded = true;
      // Where the person goes next comes first: counts over all images keep the service busy.
      if (isOther) await new Promise((resolve) => setTimeout(resolve, headStart));
      await whenViewIsThere();
      this.info = await service.workspace.info();
      this.remaining = (await service.queue.counts({ filter: { kind: 'training' } })).remaining;
    } catch (error) {
      if (turn !== this.#turn) return; // what was asked of the workspace before is no answer about this one
      if (error instanceof ConnectionLost) return; // it is still there: the banner says what is not
      // A folder without a workspace is an empty one to whoever looks at it.
      const { code, data, message } = error as Error & { code?: string; data?: { file?: string } };
      const isEmpty = code === 'NOT_FOUND';
      this.problem = isEmpty ? '' : message;
      this.missing = isEmpty ? (data?.file ?? '') : '';
      this.outline = undefined;
      this.info = undefined;
      this.remaining = undefined;
      this.loaded = true;
    }
  }

  /** @returns what ends the listening */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listens for as long as the page lives, over every connection that it has. */
  async watch(): Promise<void> {
    for (;;) {
      try {
        await this.load();
        for await (const change of await service.changes()) this.#hear(change);
      } catch (error) {
        console.warn('Changes are not heard for now:', error);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  #hear(change: Change): void {
    if (change.type === 'watching') ({ user: this.user, client: this.client } = change);
    else this.#reload();
    for (const listener of this.#listeners) listener(change);
  }

  /** Counts follow within a second, however fast the labels come. */
  #reload(): void {
    if (this.#reloading) return;
    this.#reloading = true;
    setTimeout(() => {
      this.#reloading = false;
      void this.load();
    }, 700);
  }
}

export const session = new Session();
