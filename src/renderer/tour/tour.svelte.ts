/** The tour as a person takes it: where they are, and what this workspace has to show. */
import { untrack } from 'svelte';
import type { Augmentation } from '../../domain/recipe.ts';
import type { NetworkSpec } from '../../domain/network-spec.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { settings } from '../frame/settings.svelte.ts';
import { floatsOf } from '../faces/gray.ts';
import { runs } from '../train/runs.svelte.ts';
import { convolutionalRun, type Facts, type KnownRun, type Needed, tourSteps } from './steps.ts';

/** The step that a person is at, counted from 0; null while they take no tour. It outlives the page. */
const setting = 'tour.step';
/** Runs that are looked through for what the tour needs. */
const mostRuns = 40;

class Tour {
  #known = $state.raw<Pick<Facts, 'runs' | 'silenced'>>();
  /** The step's screen is to be shown as soon as it is known. */
  #showing = $state(false);
  readonly #at = $derived(settings.get<number | null>(setting, null));
  readonly steps = $derived(
    session.info && session.info.images > 0 && this.#known
      ? tourSteps({ info: session.info, ...this.#known })
      : undefined,
  );
  readonly isOn = $derived(this.#at !== null);
  readonly index = $derived(Math.min(this.#at ?? 0, (this.steps?.length ?? 1) - 1));
  readonly step = $derived(this.isOn ? this.steps?.[this.index] : undefined);
  readonly #runsKey = $derived(
    JSON.stringify((runs.list ?? []).map(({ runId, status, archived }) => [runId, status, archived])),
  );

  /** For the frame. */
  use(): void {
    $effect(() => {
      void this.#runsKey;
      if (!runs.list) this.#known = undefined;
      else if (this.isOn) void this.#learn();
    });
    $effect(() => {
      const { step } = this;
      if (!step || !this.#showing) return;
      this.#showing = false;
      untrack(() => address.go(step.screen, step.query));
    });
  }

  begin(): void {
    this.#go(0);
  }

  end(): void {
    settings.set(setting, null);
  }

  move(by: number): void {
    this.#go(this.index + by);
  }

  /** Shows the screen of the step that a person is at. */
  show(): void {
    this.#showing = true;
  }

  async start({ start }: Needed): Promise<void> {
    await runs.attempt(() => service.runs.start(start));
    address.go('train');
  }

  #go(index: number): void {
    settings.set(setting, index);
    this.#showing = true;
  }

  async #learn(): Promise<void> {
    const list = (runs.list ?? [])
      .filter(({ members, archived }) => members.length === 0 && !archived)
      .slice(0, mostRuns);
    const known = await Promise.all(
      list.map(async (run): Promise<KnownRun> => {
        const { config, curve } = await service.runs.get({ run: run.runId });
        const { spec, recipe } = config as { spec: NetworkSpec; recipe: { augmentation: Augmentation } };
        return { ...run, spec, augmentation: recipe.augmentation, curve };
      }),
    );
    this.#known = { runs: known, silenced: this.#known?.silenced };
    const shown = convolutionalRun(known);
    if (shown) this.#known = { runs: known, silenced: await silencedBy(shown) };
  }
}

/** Undefined where the network has no such layer. */
async function silencedBy({ runId }: KnownRun): Promise<Facts['silenced']> {
  const { images } = await service.images.page({ limit: 1 });
  const [image] = images;
  if (!image) return undefined;
  try {
    const { values } = await service.layers.face({
      run: runId,
      at: 'best',
      imageId: image.id,
      layer: 'relu1',
    });
    const floats = floatsOf(values);
    return { zeros: floats.filter((value) => value === 0).length, of: floats.length };
  } catch {
    return undefined;
  }
}

export const tour = new Tour();
