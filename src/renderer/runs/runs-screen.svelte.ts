/** What the runs screen shows of the workspace's runs, as the address says. */
import type { RunView } from '../../contract/runs.ts';
import { address } from '../frame/address.svelte.ts';
import { type RunDetail, RunWatch } from '../train/run-watch.svelte.ts';
import { runs } from '../train/runs.svelte.ts';
import { readView, selectRuns, type View, writeView } from './view.ts';

/** The contract compares so many at once. */
export const mostMarked = 8;

export class RunsScreen {
  readonly view = $derived(readView(address.query));
  /** All of them, the one that trains as far as it is; undefined until they are known. */
  readonly all = $derived(runs.list?.map(asFarAsItIs));
  readonly shown = $derived(selectRuns(this.all ?? [], this.view));
  /** The run that is looked at: the first one until somebody chooses. */
  readonly current = $derived(
    this.all?.find(({ runId }) => runId === this.view.run) ?? (this.shown[0] as RunView | undefined),
  );
  readonly #currentId = $derived(this.current?.runId);
  #watch = $state.raw<RunWatch>();
  #details = $state.raw<RunDetail>();
  /** More of the current run; undefined while it is on its way. */
  readonly details = $derived(this.#details?.runId === this.#currentId ? this.#details : undefined);
  /** Those marked that there are. */
  readonly marked = $derived(
    this.view.marked.flatMap((id) => this.all?.find(({ runId }) => runId === id) ?? []),
  );
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
    $effect(() => {
      void runs.list; // what has changed there has changed here
      if (this.#currentId === undefined) return;
      const watch = new RunWatch(this.#currentId);
      this.#watch = watch;
      return () => watch.close();
    });
    $effect(() => {
      // What is known stays in sight until there is more.
      if (this.#watch?.detail) this.#details = this.#watch.detail;
    });
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
}

/** The list is of when something began or ended. */
function asFarAsItIs(run: RunView): RunView {
  const live = run.runId === runs.live?.runId ? runs.live.detail : undefined;
  if (!live) return run;
  const { paused, curve, trainRmse, baselines } = live;
  const last = curve.at(-1);
  return {
    ...{ ...run, paused, trainRmse, baselines },
    ...(last ? { epochs: last.epoch, seconds: last.seconds } : {}),
  };
}
