import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { networkInput } from '../../src/ml/training/fit.ts';
import { openPictures } from '../../src/ml/training/pictures.ts';
import { loadDataset } from '../../src/trainer/load.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { threePoints, visible } from '../workspace/scratch.ts';
import { drawSpots, spotsWorkspace } from './spots-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-load-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('pictures are read from the workspace when they are asked for, here and in other threads', async () => {
  const { snapshot } = spotsWorkspace(folder);
  const workspace = Workspace.openReadOnly(folder);
  const { pictures } = loadDataset(workspace, snapshot);
  const elsewhere = await openPictures(structuredClone(pictures.source));
  for (const position of [7, 0, 35]) {
    const { pixels } = drawSpots(position, 96);
    expect(Buffer.compare(pictures.read(position), pixels)).toBe(0);
    expect(Buffer.compare(elsewhere.read(position), pixels)).toBe(0);
  }
  workspace.close();
});

test('a picture of another size comes at the size of the network', () => {
  const workspace = Workspace.open(folder, { create: true, schema: threePoints });
  const { id } = workspace.images.add({ width: 40, height: 20, pixels: new Uint8Array(800).fill(9) });
  const changes = [{ imageId: id, keypoint: 0, after: visible(19.5, 9.5) }];
  workspace.journal.apply({ actor: { kind: 'human', name: 'ana' }, changes });
  const { pictures, points } = loadDataset(workspace, workspace.snapshots.take().id);
  expect(pictures.read(0)).toEqual(new Uint8Array(networkInput.width * networkInput.height).fill(9));
  expect([...points.subarray(0, 2)]).toEqual([47.5, 47.5]);
  workspace.close();
});
