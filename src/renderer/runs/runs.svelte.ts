/** What the runs screen shows: the address says of which runs, the service the rest. */
import { toast } from 'svelte-sonner';
import type { RunView } from '../../contract/runs.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { readView, selectRuns, type View, writeView } from './view.ts';

export type RunDetails = Awaited<ReturnType<typeof service.runs.get>>;

/** Milliseconds after which runs that go on are looked at again. */
const pace = 2000;
/** The contract compares so many at once. */
export const mostMarked = 8;

export class Runs {
  readonly view = $derived(readView(address.query));
  /** All of them; undefined until they are known. */
  all = $state.raw<readonly RunView[]>();
  readonly shown = $derived(selectRuns(this.all ?? [], this.view));
  /** The run that is looked at: the first one until somebody chooses. */
  readonly current = $derived(
    this.all?.find(({ runId }) => runId === this.view.run) ?? (this.shown[0] as RunView | undefined),
  );
  #details = $state.raw<RunDetails>();
  /** More of the current run; undefined while it is on its way. */
  readonly details = $derived(this.#details?.runId === this.current?.runId ? this.#details : undefined);
  /** Those marked that there are. */
  readonly marked = $derived(
    this.view.marked.flatMap((id) => this.all?.find(({ runId }) => runId === id) ?? []),
  );
  /** Why runs cannot be shown. */
  problem = $state('');

  readonly canCompare = $derived(
    this.marked.length >= 2 &&
      this.marked.length <= mostMarked &&
      this.marked.every(({ status }) => status === 'finished'),
  );
  readonly canAverage = $derived(
    this.marked.length >= 2 &&
      this.marked.every(({ status, members }) => status === 'finished' && members.length === 0),
  );

  /** For the component that shows it. */
  attach(): void {
    void this.load();
    $effect(() =>
      session.onChange(({ type }) => {
        if (type === 'runs' || type === 'workspace') void this.load();
      }),
    );
    $effect(() => {
      if (!this.all?.some(({ status, ahead }) => status === 'running' || ahead !== null)) return;
      const timer = setTimeout(() => void this.load(), pace);
      return () => clearTimeout(timer);
    });
    $effect(() => {
      void this.all; // whatever has changed there may have changed here
      const run = this.current?.runId;
      if (run !== undefined) void this.#loadDetails(run);
    });
  }

  async load(): Promise<void> {
    try {
      this.all = await service.runs.list();
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  async #loadDetails(run: number): Promise<void> {
    try {
      this.#details = await service.runs.get({ run });
    } catch (error) {
      if (this.current?.runId === run) this.problem = (error as Error).message;
    }
  }

  /** @param options.replace as `address.go` */
  go(change: Partial<View>, options?: { replace?: boolean }): void {
    address.go('runs', writeView({ ...this.view, ...change }), options);
  }

  select(run: number): void {
    this.go({ run }, { replace: true });
  }

  /** Marks a run, or takes the mark away. */
  mark(run: number): void {
    const { marked } = this.view;
    this.go(
      { marked: marked.includes(run) ? marked.filter((other) => other !== run) : [...marked, run] },
      { replace: true },
    );
  }

  /** Does something with a run, and says what came of it. @returns whether it was done */
  async attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    try {
      await work();
      if (done !== undefined) toast.success(done);
      return true;
    } catch (error) {
      toast.error((error as Error).message);
      return false;
    } finally {
      await this.load();
    }
  }
}
