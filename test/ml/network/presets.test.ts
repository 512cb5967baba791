import { expect, test } from 'vitest';
import { presetNames, presetSpec } from '../../../src/ml/network/presets.ts';
import { shapeNetwork } from '../../../src/ml/network/shapes.ts';
import { parseNetworkSpec } from '../../../src/ml/network/spec.ts';

test.each(presetNames)('the preset %s is a valid spec that fits a face', (name) => {
  const spec = presetSpec(name);
  expect(parseNetworkSpec(structuredClone(spec))).toEqual(spec);
  expect(shapeNetwork(spec, { width: 96, height: 96 }, 30).layers.at(-1)!.output).toEqual([30]);
});

test('an unknown preset is answered with those there are', () => {
  expect(() => presetSpec('resnet')).toThrow(
    'unknown preset (found resnet; expected one of mlp, lenet5, default)',
  );
});
