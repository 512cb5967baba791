import { describe, expect, test } from 'vitest';
import type { Layer } from '../../../src/domain/network-spec.ts';
import {
  layerAt,
  layerFields,
  layerTypes,
  movedPlace,
  readField,
  withField,
  withLayerAfter,
  withLayerMoved,
  withoutLayer,
  writeField,
} from '../../../src/renderer/train/layers.ts';
import { describeNetwork } from '../../../src/ml/network/describe.ts';

const layers: Layer[] = [
  { type: 'conv', filters: 4, kernel: 3 },
  { type: 'residual', body: [{ type: 'relu' }, { type: 'conv', filters: 4, kernel: 3, padding: 1 }] },
  { type: 'flatten' },
];
const types = (list: readonly Layer[]) => list.map(({ type }) => type);

describe('a network that is edited', () => {
  test('changes a field where it is named, and nothing else', () => {
    const changed = withField(layers, '2.2', 'filters', 8);
    expect(layerAt(changed, '2.2')).toEqual({ type: 'conv', filters: 8, kernel: 3, padding: 1 });
    expect(layerAt(layers, '2.2')).toMatchObject({ filters: 4 });
    expect(changed[0]).toBe(layers[0]);
  });

  test('goes back to what is usual where a field is emptied', () => {
    expect(layerAt(withField(layers, '2.2', 'padding', undefined), '2.2')).not.toHaveProperty('padding');
  });

  test('takes a layer after another, at the beginning and in a block', () => {
    expect(types(withLayerAfter(layers, '1', 'relu'))).toEqual(['conv', 'relu', 'residual', 'flatten']);
    expect(types(withLayerAfter(layers, '0', 'batchNorm'))[0]).toBe('batchNorm');
    expect(layerAt(withLayerAfter(layers, '2.0', 'dropout'), '2.1')).toEqual({ type: 'dropout', rate: 0.3 });
  });

  test('loses a layer, also in a block', () => {
    expect(types(withoutLayer(layers, '1'))).toEqual(['residual', 'flatten']);
    expect(layerAt(withoutLayer(layers, '2.1'), '2.1')).toMatchObject({ type: 'conv' });
  });

  test('moves a layer within its list and no further', () => {
    expect(types(withLayerMoved(layers, '1', 1))).toEqual(['residual', 'conv', 'flatten']);
    expect(types(withLayerMoved(layers, '3', 1))).toEqual(types(layers));
    expect(layerAt(withLayerMoved(layers, '2.2', -1), '2.1')).toMatchObject({ type: 'conv' });
    expect(movedPlace('2.2', -1)).toBe('2.1');
  });

  test('can have every type of layer', () => {
    for (const type of layerTypes) {
      const [layer] = withLayerAfter([], '0', type);
      const { layers: described } = describeNetwork({ layers: [layer] }, { width: 96, height: 96 }, 30);
      expect(described[0]!.problems.filter(({ field }) => field !== null)).toEqual([]);
      for (const { name, usual } of layerFields[type])
        if (usual === undefined) expect(layer).toHaveProperty(name);
    }
  });
});

describe('a field of a layer', () => {
  test('is read as the spec has it', () => {
    expect(readField({ kind: 'number' }, ' 32 ')).toBe(32);
    expect(readField({ kind: 'size' }, '3x5')).toEqual([3, 5]);
    expect(readField({ kind: 'padding' }, 'same')).toBe('same');
    expect(readField({ kind: 'yes-no' }, 'no')).toBe(false);
    expect(readField({ kind: 'number' }, '')).toBeUndefined();
  });

  test('stays as it was typed where it cannot be read, so that the check can say so', () => {
    const typed = withField(layers, '1', 'filters', readField({ kind: 'number' }, '3o'));
    const [conv] = describeNetwork({ layers: typed }, { width: 96, height: 96 }, 30).layers;
    expect(conv!.problems).toEqual([{ field: 'filters', message: 'expected number, received string' }]);
    expect(writeField((typed[0] as { filters: unknown }).filters)).toBe('3o');
  });

  test('is written as it is read', () => {
    for (const [kind, text] of [
      ['size', '3x5'],
      ['number', '0.5'],
      ['yes-no', 'yes'],
      ['padding', 'valid'],
    ] as const)
      // prettier-ignore
      expect(writeField(readField({ kind }, text))).toBe(text);
  });
});
