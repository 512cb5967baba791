import { expect, test } from 'vitest';
import { installedEngines } from '../../src/ml/engine/engines.ts';
import type { StartChild } from '../../src/service/child.ts';
import { forkChild } from '../../src/service/child.ts';
import type { NetworkSpeeds } from '../../src/service/engine-speed.ts';
import {
  engineSpeeds,
  fastestOf,
  keptSpeeds,
  measureEngine,
  withEngine,
} from '../../src/service/engine-speed.ts';
import { runConfig } from '../../src/service/run-config.ts';
import { openScratch } from '../workspace/scratch.ts';

const config = runConfig(
  { preset: 'mlp', engine: 'auto', timeLimit: 60 },
  { snapshot: 'labels', rows: { kind: 'all' } },
);
const noChild: StartChild = () => {
  throw new Error('nothing is to be measured');
};
const several = installedEngines().length > 1;

if (several)
  test('auto is the engine that trains the network fastest, measured once for each network', async () => {
    const workspace = openScratch();
    let started = 0;
    const counted: StartChild = (...given) => {
      started++;
      return forkChild(...given);
    };
    const chosen = await withEngine(config, workspace, counted);
    const [{ network, imagesPerSecond }] = Object.values(keptSpeeds(workspace)) as [NetworkSpeeds];
    expect(network).toBe('mlp');
    const installed = installedEngines().map(({ name }) => name);
    const working = Object.keys(imagesPerSecond);
    expect(started).toBe(installed.length);
    expect(installed).toEqual(expect.arrayContaining(working));
    expect(working).toContain('onnx');
    expect(chosen.engine).toBe(fastestOf(imagesPerSecond));
    expect(chosen.timeLimit).toBeLessThan(59);
    expect((await withEngine(config, workspace, counted)).engine).toBe(chosen.engine);
    // One that failed is asked again.
    expect(started).toBe(2 * installed.length - working.length);
    const other = runConfig(
      { preset: 'lenet5', engine: 'auto' },
      { snapshot: 'labels', rows: { kind: 'all' } },
    );
    await expect(withEngine(other, workspace, noChild)).rejects.toThrow('nothing is to be measured');
  });
else {
  test.skip('auto among several engines: the engine tfjs is not set up');
  test('where there is one engine, auto is that one and nothing is measured', async () => {
    expect((await withEngine(config, openScratch(), noChild)).engine).toBe('onnx');
  });
}

test('an engine that was asked for is taken as it is', async () => {
  const asked = { ...config, engine: 'tfjs' } as const;
  expect(await withEngine(asked, openScratch(), noChild)).toBe(asked);
});

test('engines are told with what has been measured of this network, and no more than that', async () => {
  const workspace = openScratch();
  const before = await engineSpeeds(config, workspace);
  expect(before.map(({ name }) => name)).toEqual(['onnx', 'tfjs', 'webgpu']);
  expect(before.every(({ imagesPerSecond }) => imagesPerSecond === null)).toBe(true);
  const [onnx] = await engineSpeeds(config, workspace, forkChild);
  expect(onnx!.imagesPerSecond).toBeGreaterThan(0);
  expect((await engineSpeeds(config, workspace))[0]).toEqual(onnx);
  const other = { ...config, recipe: { ...config.recipe, batchSize: 8 } };
  expect((await engineSpeeds(other, workspace))[0]!.imagesPerSecond).toBeNull();
});

test('an engine whose process crashes is one that cannot be used, for that reason', async () => {
  const crashing: StartChild = (_entry, log, listener) =>
    forkChild('data:text/javascript,process.abort()', log, listener);
  const order = { engine: 'onnx', exercise: {} as never, seconds: 1 } as const;
  const { problem, imagesPerSecond } = await measureEngine(crashing, order);
  expect(problem).toMatch(/^It crashed: /);
  expect(imagesPerSecond).toBeNull();
});
