import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { installedEngines, loadEngine } from '../../../src/ml/engine/engines.ts';

const isSetUp = existsSync(new URL('../../../.tfjs', import.meta.url));

test('auto loads an engine that is there', async () => {
  expect((await loadEngine('auto')).name).toBe('onnx');
});

if (!isSetUp)
  test('an engine that is missing says how to get it', async () => {
    await expect(loadEngine('tfjs')).rejects.toThrow('npm run setup:tfjs');
  });

test('an unknown engine is answered with those there are', async () => {
  await expect(loadEngine('torch' as 'auto')).rejects.toThrow('expected auto, onnx, tfjs or webgpu');
});

test('the engines whose files are here are known without loading them', () => {
  const version = expect.stringMatching(/^\d+\.\d+/) as string;
  const [onnx, ...others] = installedEngines();
  expect(onnx).toEqual({ name: 'onnx', version });
  expect(others.some(({ name }) => name === 'tfjs')).toBe(isSetUp);
});
