/** The draft of the next training beside what is known of it: what it comes to, what is wrong with it, what it will cost. */
import { untrack } from 'svelte';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { tasks } from '../frame/tasks.svelte.ts';
import { runQuery } from './address.ts';
import { plan, type Planned, type Preset, type RunSetup, startInput } from './draft.ts';
import { draft } from './draft.svelte.ts';
import type { RunDetail } from './run-watch.svelte.ts';

type Network = Awaited<ReturnType<typeof service.network.describe>>;
type Engines = Awaited<ReturnType<typeof service.network.engines>>;
export type Cost = Awaited<ReturnType<typeof service.runs.probe>>;

/** A person types faster than that; in milliseconds. */
const pause = 120;

export class Setup {
  presets = $state.raw<readonly Preset[]>([]);
  /** The run that the draft starts from. */
  start = $state.raw<RunDetail>();
  network = $state.raw<Network>();
  engines = $state.raw<Engines>([]);
  /** Images to learn from, before the split holds some out; by the rows that they are counted for. */
  #counted = $state.raw<{ readonly rows: string; readonly images: number }>();
  #cost = $state.raw<{ readonly of: string; readonly cost: Cost }>();
  /** Why the draft cannot be trained, or its cost not be told. */
  problem = $state('');
  probing = $state.raw<AbortController>();
  measuring = $state(false);
  starting = $state(false);

  readonly planned: Planned | undefined = $derived(
    plan(draft.value, this.presets, this.start?.config as RunSetup | undefined),
  );
  readonly #asked = $derived(JSON.stringify(startInput(draft.value)));
  readonly #spec = $derived(JSON.stringify(this.planned?.spec));
  readonly #trained = $derived(
    JSON.stringify([this.planned?.spec, this.planned?.recipe.batchSize, this.planned?.recipe.optimizer]),
  );
  readonly #rows = $derived(JSON.stringify(draft.value.rows));
  readonly #from = $derived(draft.value.from?.run);

  /** What was measured for the draft as it is now. */
  get cost(): Cost | undefined {
    return this.#cost?.of === this.#asked ? this.#cost.cost : undefined;
  }

  get images(): number | undefined {
    return this.#counted?.rows === this.#rows ? this.#counted.images : undefined;
  }

  /** Whether the network can be trained. */
  get isRight(): boolean {
    return this.network?.totals != null;
  }

  /** For the component that shows it. */
  use(): void {
    void service.network.presets().then((presets) => (this.presets = presets));
    $effect(() => {
      const from = this.#from;
      untrack(() => void this.#lookUpStart(from));
    });
    $effect(() => later(this.#spec, (signal) => this.#describe(signal)));
    $effect(() => later(this.#trained, (signal) => this.#tellEngines(signal)));
    $effect(() => later(this.#rows, (signal) => this.#count(signal)));
    // What is asked for is another training now.
    $effect(() => {
      void this.#asked;
      untrack(() => {
        this.problem = '';
        this.probing?.abort();
      });
    });
    $effect(() => () => this.probing?.abort());
  }

  async #lookUpStart(from: number | undefined): Promise<void> {
    this.start = undefined;
    if (from === undefined) return;
    try {
      const run = await service.runs.get({ run: from });
      if (draft.value.from?.run === from) this.start = run;
    } catch {
      // It has been deleted.
      if (draft.value.from?.run === from) draft.change({ from: null });
    }
  }

  async #describe(signal: AbortSignal): Promise<void> {
    if (this.planned) this.network = await service.network.describe({ spec: this.planned.spec }, { signal });
  }

  async #tellEngines(signal: AbortSignal): Promise<void> {
    if (!this.planned) return;
    const { network, spec, recipe } = this.planned;
    this.engines = await service.network.engines({ network, spec, recipe }, { signal });
  }

  async #count(signal: AbortSignal): Promise<void> {
    const { rows } = draft.value;
    const filter =
      rows.kind === 'filter'
        ? rows.filter
        : { kind: 'training' as const, ...(rows.kind === 'complete' ? { complete: true } : {}) };
    const { images } = await service.images.matrix({ filter }, { signal });
    this.#counted = { rows: JSON.stringify(rows), images };
  }

  /** Finds out how quickly each engine trains this network. */
  async measureEngines(): Promise<void> {
    if (!this.planned || this.measuring) return;
    const { network, spec, recipe } = this.planned;
    this.measuring = true;
    try {
      this.engines = await service.network.engines({ network, spec, recipe, measure: true });
    } catch (error) {
      this.problem = (error as Error).message;
    } finally {
      this.measuring = false;
    }
  }

  /** Trains for three seconds, throws that away, and tells what the whole will take. */
  async probe(): Promise<void> {
    if (this.probing) return;
    const of = this.#asked;
    const input = startInput(draft.value);
    const probing = new AbortController();
    this.probing = probing;
    this.problem = '';
    try {
      this.#cost = await tasks.run('Measuring the cost', async (task) => {
        task.signal.addEventListener('abort', () => probing.abort());
        return { of, cost: await service.runs.probe(input, { signal: probing.signal }) };
      });
    } catch (error) {
      if (!probing.signal.aborted) this.problem = (error as Error).message;
    } finally {
      this.probing = undefined;
    }
    // A speed that it measured for `auto` is known now.
    void this.#tellEngines(AbortSignal.timeout(10_000)).catch(() => undefined);
  }

  /** Puts the draft into the queue, and shows its run. */
  async train(): Promise<void> {
    if (this.starting || !this.isRight) return;
    this.starting = true;
    this.problem = '';
    this.probing?.abort();
    try {
      const { runId } = await service.runs.start(startInput(draft.value));
      address.go('train', runQuery(runId));
    } catch (error) {
      this.problem = (error as Error).message;
    } finally {
      this.starting = false;
    }
  }
}

/** For an effect: asks when what is asked about has stayed the same for a moment. @param _about read, so that the effect runs when it changes */
function later(_about: unknown, ask: (signal: AbortSignal) => Promise<void>): () => void {
  const leaving = new AbortController();
  const timer = setTimeout(() => {
    ask(leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) console.warn('What a training comes to is not known:', error);
    });
  }, pause);
  return () => {
    clearTimeout(timer);
    leaving.abort();
  };
}
