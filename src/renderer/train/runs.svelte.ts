/** The workspace's runs, for whichever screen: the list as it changes, and the one that trains. */
import { toast } from 'svelte-sonner';
import type { RunView } from '../../contract/runs.ts';
import { service } from '../connection.ts';
import { session } from '../frame/session.svelte.ts';
import { RunWatch } from './run-watch.svelte.ts';

class Runs {
  /** The latest first; undefined until it is known. */
  list = $state.raw<readonly RunView[]>();
  /** Follows the run that trains. */
  live = $state.raw<RunWatch>();
  readonly #workspace = $derived(session.workspace);

  get running(): RunView | undefined {
    return this.list?.find(({ status }) => status === 'running');
  }

  /** In the order in which they will train, then those that an earlier service had queued. */
  get queued(): readonly RunView[] {
    const place = ({ ahead }: RunView) => ahead ?? Infinity;
    return (this.list ?? [])
      .filter(({ status }) => status === 'queued')
      .toSorted((a, b) => place(a) - place(b) || a.runId - b.runId);
  }

  /** Finished trainings and ensembles that were judged, the best first. */
  get judged(): readonly RunView[] {
    return (this.list ?? [])
      .filter(({ status, validation, archived }) => status === 'finished' && validation && !archived)
      .toSorted((a, b) => a.validation!.rmse - b.validation!.rmse);
  }

  /** For the frame: as long as the page shows a workspace. */
  use(): void {
    $effect(() => {
      if (this.#workspace === undefined) return;
      void this.load();
      const stop = session.onChange((change) => {
        if (change.type === 'runs' || change.type === 'watching') void this.load();
      });
      return () => {
        stop();
        this.#show([]);
        this.list = undefined;
      };
    });
  }

  async load(): Promise<void> {
    try {
      const list = await service.runs.list();
      this.#show(list.toSorted((a, b) => b.runId - a.runId));
    } catch (error) {
      console.warn('The runs are not known:', error);
    }
  }

  #show(list: readonly RunView[]): void {
    this.list = list;
    const running = this.running?.runId;
    if (running === this.live?.runId) return;
    this.live?.close();
    this.live = running === undefined ? undefined : new RunWatch(running);
  }

  /** Does something to a run, and says where that failed. @returns whether it was done */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      toast.error((error as Error).message, { duration: 15_000 });
      return false;
    }
  }
}

export const runs = new Runs();
