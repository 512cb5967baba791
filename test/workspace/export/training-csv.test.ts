import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportTrainingCsv } from '../../../src/workspace/export/training-csv.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { contents, file, folder, oneFace, table, trainingHeader, twoTests } from '../import/fixtures.ts';
import { ana, leftEye, nose, openScratch, rightEye, scratchDirectory, visible } from '../scratch.ts';

async function exported(workspace: Workspace): Promise<string> {
  const out = join(scratchDirectory(), 'training.csv');
  await exportTrainingCsv(workspace, out);
  return readFileSync(out, 'utf8');
}

test('an export has the labels as they are now: occluded ones as placed, absent ones empty', async () => {
  const workspace = openScratch();
  await importArchive(workspace, file('faces.csv', oneFace));
  const changes = [
    { imageId: 1, keypoint: leftEye, after: { state: 'occluded', x: 1.25, y: 0.1 } },
    { imageId: 1, keypoint: rightEye, after: { state: 'absent' } },
  ] as const;
  workspace.journal.apply({ actor: ana, changes });
  expect(await exported(workspace)).toBe(table(trainingHeader, '1.25,0.1,,,1,1,10 20 30 40'));
});

test('what was imported is exported digit by digit', async () => {
  const workspace = openScratch();
  const original = table(trainingHeader, '0.7626827756,1.3944622326,,,,,1 2 3 4', ',,0.1,0.2,,,5 6 7 8');
  await importArchive(workspace, file('faces.csv', original));
  expect(await exported(workspace)).toBe(original);
});

test('an export has test images only where they have labels', async () => {
  const workspace = openScratch();
  await importArchive(workspace, folder({ 'faces.csv': oneFace, 'test.csv': twoTests }));
  const imageId = workspace.sources.imagesByKey().get('2')!;
  workspace.journal.apply({ actor: ana, changes: [{ imageId, keypoint: nose, after: visible(1, 0) }] });
  expect(await exported(workspace)).toBe(`${oneFace},,,,1,0,5 6 7 8\n`);
});

test('an export that is imported again adds nothing', async () => {
  const workspace = openScratch();
  const rows = ['1,1,,,,,1 2 3 4', '1,0,,,,,1 2 3 4', ',,1,1,,,5 6 7 8'];
  await importArchive(workspace, file('faces.csv', table(trainingHeader, ...rows)));
  workspace.journal.apply({ actor: ana, changes: [{ imageId: 2, keypoint: nose, after: visible(1, 0) }] });
  const before = contents(workspace);
  const report = await importArchive(workspace, file('again.csv', await exported(workspace)));
  expect(report).toMatchObject({ importId: null, labels: { added: 0, merged: 0 }, conflicts: { total: 0 } });
  expect(contents(workspace)).toBe(before);
});
