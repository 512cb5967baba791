/** What the screen of layers shows: the address says which networks, which face and which layer. */
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { session } from '../frame/session.svelte.ts';
import { runs } from '../train/runs.svelte.ts';
import { NetworkView } from './network-view.svelte.ts';
import { type ModelsPlace, type NetworkChoice, readPlace, type Spot, writePlace } from './place.ts';

export class Models {
  /** Runs that have a network to look into, the latest first; undefined until they are known. */
  readonly runs = $derived(
    runs.list?.filter(
      ({ members, epochs, status }) => members.length === 0 && (status === 'finished' || epochs >= 1),
    ),
  );
  /** Images in the workspace, and where the one shown stands among them. */
  total = $state(0);
  index = $state<number>();
  /** The first image: shown where the address names none. */
  #first = $state<number>();
  problem = $state('');
  /** Which of two networks the panel beside them speaks of. */
  active = $state<0 | 1>(0);

  readonly place = $derived(readPlace(address.query));
  readonly network = $derived.by((): NetworkChoice | undefined => {
    const { network } = this.place;
    if (network) return network;
    const latest = this.runs?.[0];
    return latest && { run: latest.runId, at: 'best' };
  });
  readonly image = $derived(this.place.image ?? this.#first);

  readonly view = new NetworkView(
    () => ({ network: this.network, image: this.image, spot: this.place.spot }),
    (spot) => this.#choose(0, spot),
  );
  readonly beside = new NetworkView(
    () => ({ network: this.place.beside, image: this.image, spot: this.place.besideSpot }),
    (spot) => this.#choose(1, spot),
  );
  readonly shown = $derived(this.active === 1 && this.place.beside ? this.beside : this.view);

  /** For the component that shows it. */
  use(): void {
    const hides = () => this.place.hide !== undefined;
    this.view.use(hides);
    this.beside.use(hides);
    $effect(() => {
      void this.#load();
      return session.onChange(({ type }) => {
        if (type === 'images') void this.#load();
      });
    });
    $effect(() => {
      const imageId = this.image;
      if (imageId === undefined) return;
      void service.images.position({ imageId }).then((index) => {
        if (imageId === this.image) this.index = index ?? undefined;
      });
    });
  }

  go(change: Partial<ModelsPlace>, options?: { replace?: boolean }): void {
    const { network, image, place } = this;
    address.go('models', writePlace({ ...place, network, image, ...change }), options);
  }

  compareWithStart(): void {
    if (this.network)
      this.go({ beside: { run: this.network.run, at: 'start' }, besideSpot: this.place.spot });
  }

  /** The latest of the others. */
  compareWithOther(): void {
    const other = this.runs?.find(({ runId }) => runId !== this.network?.run);
    if (other) this.go({ beside: { run: other.runId, at: 'best' }, besideSpot: this.place.spot });
  }

  async step(by: number): Promise<void> {
    if (this.index === undefined || this.total === 0) return;
    const offset = (this.index + by + this.total) % this.total;
    const { images } = await service.images.page({ offset, limit: 1 });
    if (images[0]) this.go({ image: images[0].id }, { replace: true });
  }

  /** The same layer of both, where the other network has it too. */
  #choose(which: 0 | 1, spot: Spot): void {
    this.active = which;
    const [own, other] = which === 0 ? [this.view, this.beside] : [this.beside, this.view];
    const layer = own.layers.find(({ name }) => name === spot.layer);
    const twin = other.layers.find(({ name }) => name === spot.layer);
    const both = layer && twin && String(layer.output) === String(twin.output);
    if (which === 0) this.go({ spot, ...(both ? { besideSpot: spot } : {}) });
    else this.go({ besideSpot: spot, ...(both ? { spot } : {}) });
  }

  /** The layer before or after the one shown. */
  stepLayer(by: number): void {
    const { layers, layer } = this.shown;
    const next = layers[layers.findIndex(({ name }) => name === layer?.name) + by];
    if (next) this.shown.chooseLayer(next.name);
  }

  stepChannel(by: number): void {
    const { face, unit, channel } = this.shown;
    if (!face) return;
    const { listed, channels } = face.maps;
    const [at, count] = listed === undefined ? [channel, channels] : [unit, listed];
    this.shown.chooseChannel((at + by + count) % count);
  }

  async #load(): Promise<void> {
    try {
      const { total, images } = await service.images.page({ limit: 1 });
      this.total = total;
      this.#first = images[0]?.id;
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}
