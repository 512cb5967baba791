import { expect, test } from 'vitest';
import type { Layer } from '../../../src/domain/network-spec.ts';
import { locate } from '../../../src/ml/inspection/locate.ts';
import { receptiveField, type Region } from '../../../src/ml/inspection/receptive-field.ts';
import { cellsOf, everyPlaced, observe } from './observed.ts';

const networks: Record<string, Layer[]> = {
  'strides and padding': [
    { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 1 },
    { type: 'relu' },
    { type: 'conv', filters: 2, kernel: [1, 2], padding: 'same' },
    { type: 'flatten' },
    { type: 'dropout', rate: 0.5 },
    { type: 'dense', units: 2 },
  ],
  'a residual block': [
    { type: 'conv', filters: 2, kernel: 2 },
    {
      type: 'residual',
      body: [
        { type: 'conv', filters: 3, kernel: 3, stride: 2, padding: 1 },
        { type: 'relu' },
        { type: 'conv', filters: 3, kernel: 3, padding: 1 },
      ],
    },
    { type: 'globalAveragePool' },
  ],
  pooling: [
    { type: 'maxPool', size: 3, stride: 2 },
    { type: 'conv', filters: 2, kernel: 2 },
    { type: 'averagePool', size: 2, stride: 1 },
    { type: 'flatten' },
  ],
};

for (const [name, layers] of Object.entries(networks))
  test(`a value's field holds exactly the pixels that can change it: ${name}`, async () => {
    const { layers: placed, image, valuesOf, values } = await observe(layers);
    /** By layer, then by value: pixels that have changed it. */
    const changed = new Map<string, Set<number>[]>();
    for (let pixel = 0; pixel < image.length; pixel++)
      for (const change of [-300, -10, 10, 300]) {
        const other = image.slice();
        other[pixel]! += change;
        const after = await valuesOf(other);
        for (const layer of everyPlaced(placed)) {
          const before = values.get(layer.name)!;
          const sets = changed.get(layer.name) ?? Array.from(before, () => new Set<number>());
          changed.set(layer.name, sets);
          after.get(layer.name)!.forEach((value, at) => value !== before[at] && sets[at]!.add(pixel));
        }
      }
    for (const layer of everyPlaced(placed)) {
      const location = locate(placed, layer.name)!;
      cellsOf(layer).forEach((cell, at) => {
        const pixels = changed.get(layer.name)![at]!;
        expect(receptiveField(location, cell), `${layer.name} ${JSON.stringify(cell)}`).toEqual(hull(pixels));
      });
    }
  });

function hull(pixels: ReadonlySet<number>): Region | undefined {
  if (pixels.size === 0) return undefined;
  const rows = [...pixels].map((pixel) => Math.floor(pixel / 9));
  const columns = [...pixels].map((pixel) => pixel % 9);
  return {
    top: Math.min(...rows),
    left: Math.min(...columns),
    bottom: Math.max(...rows),
    right: Math.max(...columns),
  };
}
