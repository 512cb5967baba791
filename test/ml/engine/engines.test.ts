import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findEngines, loadEngine } from '../../../src/ml/engine/engines.ts';

const isSetUp = existsSync(new URL('../../../.tfjs', import.meta.url));

test('auto loads an engine that is there', async () => {
  expect((await loadEngine('auto')).name).toBe('onnx');
});

test.skipIf(isSetUp)('an engine that is missing says how to get it', async () => {
  await expect(loadEngine('tfjs')).rejects.toThrow('npm run setup:tfjs');
});

test('an unknown engine is answered with those there are', async () => {
  await expect(loadEngine('torch' as 'auto')).rejects.toThrow('expected auto, onnx or tfjs');
});

test('every engine is reported, with its version or the reason why not', async () => {
  const [onnx, tfjs] = await findEngines();
  expect(onnx).toEqual({ name: 'onnx', found: true, version: expect.stringMatching(/^\d+\.\d+/) });
  expect(tfjs).toEqual(
    isSetUp
      ? { name: 'tfjs', found: true, version: expect.stringMatching(/^\d.* on TensorFlow \d/) }
      : { name: 'tfjs', found: false, reason: expect.stringContaining('tfjs-node is not installed') },
  );
});
