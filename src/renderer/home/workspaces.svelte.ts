/** The workspaces that were open before, and the ways to others: the desktop has dialogs and windows, a browser types. */
import { service } from '../connection.ts';
import { session } from '../frame/session.svelte.ts';

interface KnownWorkspace {
  readonly directory: string;
  /** Whether its folder is still there. */
  readonly exists: boolean;
}

class Workspaces {
  known = $state.raw<readonly KnownWorkspace[]>([]);
  /** Whether this page may open another one: not where a team shares one. */
  canOpen = $state(false);
  /** Why the last one could not be opened. */
  problem = $state('');

  async load(): Promise<void> {
    try {
      const { desktop } = window;
      if (desktop) {
        const directories = await desktop.recentWorkspaces();
        this.known = directories.map((directory) => ({ directory, exists: true }));
        this.canOpen = true;
      } else {
        const { current, recent, canOpen } = await service.workspaces.recent();
        const others = recent.filter(({ directory }) => directory !== current);
        this.known = [{ directory: current, exists: true }, ...others];
        this.canOpen = canOpen;
      }
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** @param options.create makes one in a folder that holds none */
  async open(directory: string, { create = false } = {}): Promise<void> {
    await this.#attempt(async () => {
      if (window.desktop) return window.desktop.open(directory);
      await service.workspaces.open({ directory, create });
      await session.load();
    });
  }

  /** In the desktop app: asks for a folder. */
  async choose(kind: 'new' | 'existing'): Promise<void> {
    await this.#attempt(() => window.desktop!.chooseWorkspace(kind));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.problem = '';
    try {
      await work();
      await this.load();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}

export const workspaces = new Workspaces();
