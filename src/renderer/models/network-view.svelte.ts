/** One network on the face at hand: what it is, what a layer of it comes to, and how one value there comes about. */
import { untrack } from 'svelte';
import type { NetworkLayer } from '../../contract/network.ts';
import { service } from '../connection.ts';
import { floatsOf } from '../faces/gray.ts';
import { tasks } from '../frame/tasks.svelte.ts';
import { inOrder, isHeatMap } from './drawing.ts';
import { Latest } from './latest.ts';
import { asked, type MapCell, type Maps, mapsOf, strongestCell, strongestChannel } from './maps.ts';
import type { NetworkChoice, Spot } from './place.ts';

type Face = Awaited<ReturnType<typeof service.layers.face>>;
type Run = Awaited<ReturnType<typeof service.runs.get>>;
type Weights = Awaited<ReturnType<typeof service.layers.weights>>;

/** A face with what a layer comes to on it. */
interface ShownFace extends Omit<Face, 'values'> {
  readonly image: number;
  readonly layer: string;
  readonly maps: Maps;
}

/** Some channels' weights. */
interface ShownWeights extends Omit<Weights, 'values'> {
  readonly from: number;
  readonly values: Float32Array;
}

/** About so many numbers come at once. */
const mostWeights = 260_000;

/** What the address asks for. */
interface Wanted {
  readonly network: NetworkChoice | undefined;
  readonly image: number | undefined;
  readonly spot: Spot;
}

export class NetworkView {
  readonly #wanted: () => Wanted;
  readonly #choose: (spot: Spot) => void;

  run = $state.raw<Run>();
  /** In the order of the drawing. */
  layers = $state.raw<readonly NetworkLayer[]>([]);
  face = $state.raw<ShownFace>();
  cell = $state.raw<Awaited<ReturnType<typeof service.layers.cell>>>();
  weights = $state.raw<ShownWeights>();
  /** Null while nobody has looked for them. */
  strongest = $state.raw<Awaited<ReturnType<typeof service.layers.strongest>>>();
  occlusion = $state.raw<{
    image: number;
    columns: number;
    rows: number;
    patch: number;
    step: number;
    effects: Float32Array;
  }>();
  /** Why something is not shown. */
  problem = $state('');
  /** The cell that the pointer or the keys are on. */
  #pointed = $state.raw<MapCell>();

  readonly choice = $derived.by(() => this.#wanted().network);
  readonly #key = $derived(JSON.stringify(this.choice ?? null));
  readonly layer = $derived.by((): NetworkLayer | undefined => {
    const { layer } = this.#wanted().spot;
    const named = this.layers.find(({ name }) => name === layer);
    return named ?? this.layers.find(({ parameters }) => (parameters ?? 0) > 0);
  });
  readonly channel = $derived.by(() => {
    const { face } = this;
    const wanted = this.#wanted().spot.channel;
    if (!face) return 0;
    if (face.maps.listed !== undefined) return 0;
    return wanted !== undefined && wanted < face.maps.channels ? wanted : strongestChannel(face.maps);
  });
  /** The cell that is worked out: the one pointed at, else the strongest of its channel. */
  readonly current = $derived.by((): MapCell | undefined => {
    const { face, channel } = this;
    if (!face) return undefined;
    const { maps } = face;
    const listed = this.#wanted().spot.channel;
    if (this.#pointed) return { ...this.#pointed, channel };
    if (maps.listed !== undefined && listed !== undefined && listed < maps.listed)
      return { channel, row: Math.floor(listed / maps.width), column: listed % maps.width };
    return strongestCell(maps, channel);
  });
  /** What the service calls a channel: of a list the value's place, of a heat map the one with the strongest cell. */
  readonly unit = $derived.by(() => {
    const { face, current, channel } = this;
    if (!face || !current) return 0;
    const { maps } = face;
    return asked(maps, maps.listed === undefined ? strongestCell(maps, channel) : current).channel;
  });

  readonly #faces = new Latest<ShownFace>(
    (face) => {
      if (face.layer !== this.face?.layer) this.#pointed = undefined;
      this.face = face;
      this.problem = '';
    },
    (error) => (this.problem = (error as Error).message),
  );
  readonly #cells = new Latest<NonNullable<NetworkView['cell']>>(
    (cell) => (this.cell = cell),
    (error) => (this.problem = (error as Error).message),
  );
  readonly #weights = new Latest<ShownWeights>(
    (weights) => (this.weights = weights),
    (error) => (this.problem = (error as Error).message),
  );
  readonly #strongest = new Latest<NonNullable<NetworkView['strongest']> | null>(
    (found) => (this.strongest = found),
    (error) => (this.problem = (error as Error).message),
  );
  readonly #occlusions = new Latest<NonNullable<NetworkView['occlusion']>>(
    (occlusion) => (this.occlusion = occlusion),
    (error) => (this.problem = (error as Error).message),
  );
  readonly #networks = new Latest<{ run: Run; layers: readonly NetworkLayer[] }>(
    ({ run, layers }) => {
      this.run = run;
      this.layers = layers;
    },
    (error) => (this.problem = (error as Error).message),
  );

  /** @param choose is told which layer and channel a person wants to see */
  constructor(wanted: () => Wanted, choose: (spot: Spot) => void) {
    this.#wanted = wanted;
    this.#choose = choose;
  }

  /** For the component that shows it. @param hides whether the occlusion map is shown */
  use(hides: () => boolean): void {
    const runId = $derived(this.choice?.run);
    $effect(() => {
      if (runId === undefined) return;
      this.#networks.ask(() => describe(runId));
    });
    $effect(() => {
      void this.#key;
      const choice = untrack(() => this.choice);
      const { image } = this.#wanted();
      const layer = this.layer?.name;
      if (!choice || image === undefined || layer === undefined || this.run?.runId !== choice.run) return;
      this.#faces.ask(async () => {
        const { values, ...face } = await service.layers.face({ ...choice, imageId: image, layer });
        // A place of theirs has as many cells as there are channels for a keypoint.
        const cells = isHeatMap(layer) ? Math.sqrt(face.shape[0]! / (face.points.length / 2)) : 1;
        return { ...face, image, layer, maps: mapsOf(face.shape, floatsOf(values), cells) };
      });
    });
    $effect(() => {
      const { face, current } = this;
      const choice = untrack(() => this.choice);
      if (!face || !current || !choice) return;
      const cell = asked(face.maps, current);
      this.#cells.ask(() =>
        service.layers.cell({ ...choice, imageId: face.image, layer: face.layer, ...cell }),
      );
    });
    $effect(() => {
      void this.#key;
      const choice = untrack(() => this.choice);
      const { layer, unit } = this;
      if (!choice || !layer || this.face?.layer !== layer.name) return;
      this.#strongest.ask(() => service.layers.strongest({ ...choice, layer: layer.name, channel: unit }));
      if (layer.type !== 'conv' && layer.type !== 'dense') {
        this.#weights.forget();
        this.weights = undefined;
        return;
      }
      this.#weights.ask(() => weightsAround(choice, layer.name, unit));
    });
    $effect(() => {
      void this.#key;
      const choice = untrack(() => this.choice);
      const { image } = this.#wanted();
      if (!hides() || !choice || image === undefined) {
        this.#occlusions.forget();
        this.occlusion = undefined;
        return;
      }
      this.#occlusions.ask(async () => {
        const { effects, ...grid } = await service.layers.occlusion({ ...choice, imageId: image });
        return { ...grid, image, effects: floatsOf(effects) };
      });
    });
  }

  chooseLayer(layer: string): void {
    this.#choose({ layer, channel: undefined });
  }

  chooseChannel(channel: number): void {
    this.#choose({ layer: this.layer?.name, channel });
  }

  /** @param cell undefined when the pointer has left */
  point(cell: MapCell | undefined): void {
    this.#pointed = cell;
  }

  /** In a list a value that is pressed is the one chosen. */
  press(cell: MapCell): void {
    if (this.face?.maps.listed !== undefined) this.chooseChannel(asked(this.face.maps, cell).channel);
  }

  /** Looks for what excites the channels most, over all images, while other things go on. */
  async excite(): Promise<void> {
    const { choice, layer } = this;
    if (!choice || !layer) return;
    await tasks.run(`What excites the channels of run ${choice.run}`, async (task) => {
      for await (const event of await service.layers.excite(choice, { signal: task.signal }))
        if (event.type === 'progress') {
          task.share = event.done / event.total;
          task.detail = `${event.done} of ${event.total} images`;
        }
    });
    const { unit } = this;
    this.#strongest.ask(() => service.layers.strongest({ ...choice, layer: layer.name, channel: unit }));
  }
}

async function describe(runId: number): Promise<{ run: Run; layers: readonly NetworkLayer[] }> {
  const run = await service.runs.get({ run: runId });
  const { layers } = await service.network.describe({ spec: (run.config as { spec: unknown }).spec });
  return { run, layers: inOrder(layers) };
}

/** All channels of what reads pixels, as far as they come at once; else the one at hand. */
async function weightsAround(choice: NetworkChoice, layer: string, unit: number): Promise<ShownWeights> {
  const own = await service.layers.weights({ ...choice, layer, from: unit, count: 1 });
  const [channels, height, width] = own.shape;
  if (channels > 1 || height * width === 1) return { ...own, from: unit, values: floatsOf(own.values) };
  const count = Math.min(own.channels, Math.max(1, Math.floor(mostWeights / (height * width))));
  const from = Math.floor(unit / count) * count;
  const some = await service.layers.weights({ ...choice, layer, from, count });
  return { ...some, from, values: floatsOf(some.values) };
}
