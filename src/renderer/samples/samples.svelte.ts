/** What the samples screen shows: the address says how and which, the service makes them as it does for training. */
import { untrack } from 'svelte';
import { type AugmentationChange, noAugmentation, type Recipe } from '../../domain/recipe.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { draft } from '../train/draft.svelte.ts';
import { type Draft, plan, type RunSetup } from '../train/draft.ts';
import { type SampleRow, SampleRows } from './sample-rows.ts';
import { isSame } from './strengths.ts';
import { readView, type View, writeView } from './view.ts';

type Steps = Awaited<ReturnType<typeof service.augmentation.steps>>['steps'];

/** How long the single steps wait for the grid while a slider is moved, in milliseconds. */
const afterGrid = 80;
/** Of the whole grid. */
const samplesShown = 1000;
/** The size of the network's input, until the first samples say it. */
const usualInput = { width: 96, height: 96 };

export class Samples {
  readonly view = $derived(readView(address.query));
  /** The recipe of the run to be started; undefined until it is known. */
  base = $state.raw<Pick<Recipe, 'augmentation' | 'normalisation'>>();
  /** While a slider is moved: each move in the address would be a step of the history. */
  #moving = $state.raw<Pick<View, 'augmentation' | 'seed'>>();
  readonly augmentation = $derived(
    this.#moving?.augmentation ?? this.view.augmentation ?? this.base?.augmentation ?? noAugmentation,
  );
  readonly seed = $derived(this.#moving?.seed ?? this.view.seed ?? draft.value.seed);

  /** Variants of each image. 0 until the grid knows its width. */
  variants = $state(0);
  input = $state.raw(usualInput);
  /** Images to train on, in the order of import. */
  #training = $state.raw<readonly number[]>();
  /** Counts what others have done to the images. */
  #revision = $state(0);
  #failure = $state('');
  steps = $state.raw<Steps>();

  /** The image that the address named when the screen was opened. */
  readonly #added = readView(address.query).image;
  /** As text, so that what is the same again is not made again. */
  readonly #settingsText = $derived(
    JSON.stringify({
      ...{
        augmentation: this.augmentation,
        normalisation: this.base?.normalisation ?? 'standardise',
        seed: this.seed,
      },
      ...(this.view.only === undefined ? {} : { only: this.view.only }),
    }),
  );
  readonly #settings = $derived(
    JSON.parse(this.#settingsText) as Pick<Recipe, 'augmentation' | 'normalisation'> & {
      seed: number;
      only?: AugmentationChange;
    },
  );

  /** The images of the rows; undefined until they are known. The one that the address names is among them. */
  readonly imageIds = $derived.by(() => {
    if (!this.#training || !this.base || this.variants === 0) return undefined;
    const listed = this.#training.slice(0, Math.ceil(samplesShown / this.variants));
    return this.#added === undefined || listed.includes(this.#added) ? listed : [this.#added, ...listed];
  });
  /** The sample that is looked at step by step. */
  readonly current = $derived.by(() => {
    const imageId = this.view.image ?? this.imageIds?.[0];
    return imageId === undefined ? undefined : { imageId, epoch: this.view.epoch };
  });

  /** Another object whenever anything that the rows say has changed. */
  #rowsNow = $state.raw({});
  readonly #rowsMade = new SampleRows(() => (this.#rowsNow = {}));

  get #rows(): SampleRows {
    void this.#rowsNow;
    return this.#rowsMade;
  }

  /** For the component that shows it. */
  attach(): void {
    $effect(() => {
      void this.#revision;
      service.images.page({ filter: { kind: 'training' }, limit: 500 }).then(
        ({ images }) => (this.#training = images.map(({ id }) => id)),
        (error: Error) => (this.#failure = error.message),
      );
    });
    $effect(() => {
      const planned = draft.value;
      let left = false;
      recipeOf(planned).then(
        (recipe) => {
          // The draft is read anew now and then, and is mostly the same.
          if (!left && JSON.stringify(recipe) !== JSON.stringify(this.base)) this.base = recipe;
        },
        (error: Error) => (this.#failure = error.message),
      );
      return () => (left = true);
    });
    // Before the page is drawn anew: the service is at work meanwhile.
    $effect.pre(() => {
      const { imageIds, variants } = this;
      const settings = this.#settings;
      void this.#revision;
      if (!imageIds || variants === 0) return;
      const fetch = async (imageIds: readonly number[]) => {
        const answer = await service.augmentation.samples({
          ...settings,
          imageIds: [...imageIds],
          variants,
        });
        const { width, height } = answer.input;
        if (width !== this.input.width || height !== this.input.height) this.input = answer.input;
        return answer;
      };
      const viewOnly = untrack(() => this.#moving !== undefined);
      this.#rowsMade.show({ imageIds, variants, fetch }, { viewOnly });
    });
    $effect(() => {
      const { current } = this;
      const { only, ...settings } = this.#settings;
      void this.#revision;
      if (current === undefined) return;
      const augmentation =
        only === undefined
          ? settings.augmentation
          : { ...noAugmentation, [only]: settings.augmentation[only] };
      const variant = Math.max(0, current.epoch - 1);
      const input = { ...settings, augmentation, imageId: current.imageId, variant };
      let left = false;
      const ask = () =>
        service.augmentation.steps(input).then(
          ({ steps }) => {
            if (!left) this.steps = current.epoch === 0 ? steps.slice(0, 1) : steps;
          },
          (error: Error) => (this.#failure = error.message),
        );
      // The grid comes first while a slider is moved.
      const timer = setTimeout(() => void ask(), untrack(() => this.#moving) ? afterGrid : 0);
      return () => {
        left = true;
        clearTimeout(timer);
      };
    });
    $effect(() => session.onChange(({ type }) => this.#hear(type)));
    $effect(() => () => this.#rowsMade.close());
  }

  at(place: number): SampleRow | undefined {
    return this.#rows.at(place);
  }

  /** Samples made as they are asked for now. */
  get made(): number {
    return this.#rows.made * this.variants;
  }

  get lost(): { readonly points: number; readonly of: number } {
    return this.#rows.lost;
  }

  /** Whether something in view is not as it is asked for yet. */
  get waiting(): boolean {
    return !this.imageIds || !this.#rows.viewIsMade;
  }

  get problem(): string {
    return this.#rows.problem?.message ?? this.#failure;
  }

  /** Whether the strengths are others than the run to be started has. */
  readonly isChanged = $derived(
    this.base !== undefined && !isSame(this.augmentation, this.base.augmentation),
  );

  want(first: number, last: number): void {
    this.#rowsMade.want(first, last);
  }

  /** A slider is being moved; `settle` when it is let go. */
  move(change: AugmentationChange, strength: number): void {
    this.#moving = {
      augmentation: { ...this.augmentation, [change]: strength },
      seed: this.view.frozen ? this.seed : this.seed + 1,
    };
  }

  settle(): void {
    if (!this.#moving) return;
    this.go(this.#moving);
    this.#moving = undefined;
    this.#rowsMade.finish();
  }

  /** @param options.replace as `address.go` */
  go(change: Partial<View>, options?: { replace?: boolean }): void {
    address.go('samples', writeView({ ...this.view, ...change }), options);
  }

  /** The next training has these strengths. */
  use(): void {
    draft.changeRecipe({ augmentation: this.augmentation });
    this.go({ augmentation: undefined }, { replace: true });
  }

  reroll(): void {
    this.go({ seed: this.seed + 1 });
  }

  select(image: number, epoch: number): void {
    this.go({ image, epoch }, { replace: true });
  }

  #refreshing = false;

  /** At most every half second. A new connection begins with `watching`: what the last one took along is asked again. */
  #hear(type: string): void {
    const isOurs = type === 'labels' || type === 'images' || (type === 'watching' && this.problem !== '');
    if (!isOurs || this.#refreshing) return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      this.#failure = '';
      this.#revision++;
    }, 500);
  }
}

/** What the next training would have; undefined where there is no network to train. */
async function recipeOf(draft: Draft): Promise<Recipe | undefined> {
  const start =
    draft.from && ((await service.runs.get({ run: draft.from.run })).config as RunSetup | undefined);
  return plan(draft, await service.network.presets(), start ?? undefined)?.recipe;
}
