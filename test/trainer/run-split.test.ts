import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadDataset } from '../../src/trainer/load.ts';
import { splitOfRun } from '../../src/trainer/run-split.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { newRun, smallConfig, spotsWorkspace } from './spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-split-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a run keeps the split that it began with, whatever a new one would be', () => {
  const { snapshot } = spotsWorkspace(folder);
  const workspace = Workspace.openReadOnly(folder);
  const dataset = loadDataset(workspace, snapshot);
  const run = newRun(folder, '1');
  const begun = splitOfRun(run, dataset, smallConfig(snapshot));

  const other = { ...smallConfig(snapshot), split: { validation: 0.2, seed: 77 } };
  expect(splitOfRun(newRun(folder, '2'), dataset, other).validation).not.toEqual(begun.validation);
  expect(splitOfRun(run, dataset, other)).toEqual(begun);
  workspace.close();
});
