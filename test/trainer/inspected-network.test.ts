import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadOnnxEngine } from '../../src/ml/engine/onnx/engine.ts';
import { setUp } from '../../src/ml/training/setup.ts';
import { InspectedNetwork } from '../../src/trainer/inspected-network.ts';
import { loadDataset } from '../../src/trainer/load.ts';
import { splitOfRun } from '../../src/trainer/run-split.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { newRun, smallConfig, spotsWorkspace } from './spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-inspected-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the network before training is the one that training begins with', async () => {
  const { snapshot } = spotsWorkspace(folder);
  const workspace = Workspace.openReadOnly(folder);
  const config = smallConfig(snapshot);
  const runDirectory = newRun(folder, '1');
  const dataset = loadDataset(workspace, snapshot);
  const split = splitOfRun(runDirectory, dataset, config);
  const { pool, trainer } = await setUp({ dataset, split, engine: await loadOnnxEngine(), config }, 0);
  const network = new InspectedNetwork(workspace, { workspace: folder, runDirectory, config, at: 'start' });
  expect(network.parameters).toEqual(trainer.state().parameters);
  await Promise.all([pool.close(), trainer.dispose()]);
  workspace.close();
});
