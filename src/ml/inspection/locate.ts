/** Where a layer stands in a network. */
import type { PlacedLayer } from '../network/placed.ts';

/** What the pictures that go into a network are called beside its layers. */
export const INPUT = 'input';

export interface Location {
  readonly layer: PlacedLayer;
  /** The layers that its input has gone through, the first one first. */
  readonly before: readonly PlacedLayer[];
}

/** @returns undefined where no layer has that name */
export function locate(
  layers: readonly PlacedLayer[],
  name: string,
  before: readonly PlacedLayer[] = [],
): Location | undefined {
  let passed = before;
  for (const layer of layers) {
    if (layer.name === name) return { layer, before: passed };
    if (layer.type === 'residual') {
      const inside = locate(layer.body, name, passed) ?? locate(layer.shortcut, name, passed);
      if (inside) return inside;
    }
    passed = [...passed, layer];
  }
  return undefined;
}
