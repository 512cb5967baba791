/** Parameters and the optimizer's slots by name, as views of the memory that replicas share. */
import { isTrained, sizeOf } from '../../network/placed.ts';
import { checkParameters } from '../check-parameters.ts';
import type { Parameters, Tensor } from '../engine.ts';
import { arrange, disarrange, type Arrangement } from './arrangement.ts';
import { areaOf, type Layout } from './training-memory.ts';

interface Stored extends Tensor {
  /** How `data` lies, if not in the order of the shape. */
  readonly arrangement: Arrangement | undefined;
}

export class TrainingState {
  readonly #parameters = new Map<string, Stored>();
  readonly #slots = new Map<string, Stored>();

  /** @param slots names of what is kept beside each trained parameter, in the order of the areas of memory */
  constructor(
    memory: WebAssembly.Memory,
    layout: Layout,
    slots: readonly string[],
    arrangements: ReadonlyMap<string, Arrangement>,
  ) {
    const stored = (area: Float32Array, { info: { name, shape }, at }: Layout['places'][number]): Stored => ({
      shape,
      data: area.subarray(at, at + sizeOf(shape)),
      arrangement: arrangements.get(name),
    });
    const area = (index: number) => areaOf(memory, layout, index);
    for (const place of layout.places) this.#parameters.set(place.info.name, stored(area(0), place));
    for (const [index, slot] of slots.entries())
      for (const place of layout.places.filter(({ info }) => isTrained(info)))
        this.#slots.set(`${place.info.name}/${slot}`, stored(area(1 + index), place));
  }

  /** @returns copies */
  read(): { parameters: Parameters; slots: Parameters } {
    return { parameters: copyOf(this.#parameters), slots: copyOf(this.#slots) };
  }

  /**
   * Leaves the slots alone where none are given.
   * @throws Error when names or shapes are not these, before anything has changed
   */
  write(parameters: Parameters, slots?: Parameters): void {
    checkParameters(parameters, this.#parameters);
    if (slots) checkParameters(slots, this.#slots);
    copyTo(this.#parameters, parameters);
    if (slots) copyTo(this.#slots, slots);
  }
}

function copyTo(stored: ReadonlyMap<string, Stored>, values: Parameters): void {
  for (const [name, { data }] of values) {
    const to = stored.get(name)!;
    if (to.arrangement) arrange(data, to.data, to.arrangement);
    else to.data.set(data);
  }
}

function copyOf(stored: ReadonlyMap<string, Stored>): Parameters {
  return new Map(
    Array.from(stored, ([name, { shape, data, arrangement }]) => {
      const copy = data.slice();
      if (arrangement) disarrange(data, copy, arrangement);
      return [name, { shape, data: copy }];
    }),
  );
}
