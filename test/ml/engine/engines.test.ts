import { expect, test } from 'vitest';
import { InputProblem } from '../../../src/domain/problem.ts';
import { findEngines, loadEngine } from '../../../src/ml/engine/engines.ts';

test('auto loads an engine that is there', async () => {
  expect((await loadEngine('auto')).name).toBe('onnx');
});

test('an engine that is not in this version says so', async () => {
  await expect(loadEngine('tfjs')).rejects.toThrow(InputProblem);
  await expect(loadEngine('tfjs')).rejects.toThrow('tfjs is not part of this version');
});

test('an unknown engine is answered with those there are', async () => {
  await expect(loadEngine('torch' as 'auto')).rejects.toThrow('expected auto, onnx or tfjs');
});

test('every engine is reported, with its version or the reason why not', async () => {
  expect(await findEngines()).toEqual([
    { name: 'onnx', found: true, version: expect.stringMatching(/^\d+\.\d+/) },
    { name: 'tfjs', found: false, reason: expect.stringContaining('not part of this version') },
  ]);
});
