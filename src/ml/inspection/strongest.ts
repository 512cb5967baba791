/** The images to which each channel of a network answers most. */

/** By layer, then by channel: images and the largest value that the channel has on each, the strongest first. */
export type StrongestByLayer = Readonly<Record<string, readonly (readonly Excitement[])[]>>;

export interface Excitement {
  readonly imageId: number;
  readonly value: number;
}

/** Kept of each channel. */
const most = 12;

export class Strongest {
  readonly #lists = new Map<string, Excitement[][]>();

  /** @param peaks by layer, [images, channels] */
  add(imageIds: readonly number[], peaks: ReadonlyMap<string, Float32Array>): void {
    for (const [layer, values] of peaks) {
      const channels = values.length / imageIds.length;
      const lists = this.#lists.get(layer) ?? Array.from({ length: channels }, () => []);
      this.#lists.set(layer, lists);
      imageIds.forEach((imageId, i) => {
        for (let channel = 0; channel < channels; channel++)
          insert(lists[channel]!, { imageId, value: values[i * channels + channel]! });
      });
    }
  }

  found(): StrongestByLayer {
    return Object.fromEntries(this.#lists);
  }
}

function insert(list: Excitement[], excitement: Excitement): void {
  if (list.length === most && list.at(-1)!.value >= excitement.value) return;
  const place = list.findIndex(({ value }) => value < excitement.value);
  list.splice(place < 0 ? list.length : place, 0, excitement);
  if (list.length > most) list.pop();
}
