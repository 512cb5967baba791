import { expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { importArchive } from '../../src/workspace/import/import.ts';
import type { CellChange } from '../../src/workspace/journal.ts';
import { ana, leftEye, nose, openScratch, rightEye, scratchDirectory } from '../workspace/scratch.ts';
import { folder, table, trainingHeader, twoTests } from '../workspace/import/fixtures.ts';
import { absent, missing, openScratchService, visible } from './scratch-service.ts';

/** Two training faces, the second without a nose, and two test faces; then Ana has changed these. */
async function labelled(changes: CellChange[]) {
  const directory = scratchDirectory();
  const workspace = openScratch(directory);
  const faces = table(trainingHeader, '1.5,0.5,0.5,0.5,1,1,10 20 30 40', '1,0,0,1,,,5 6 7 9');
  await importArchive(workspace, folder({ 'faces.csv': faces, 'test.csv': twoTests }));
  workspace.journal.apply({ actor: ana, changes });
  workspace.close();
  return openScratchService(() => undefined, directory).client.exports;
}

const change = (imageId: number, keypoint: number, after: Label, before: Label): CellChange => ({
  ...{ imageId, keypoint, after, before },
});

test('nothing is new after an import', async () => {
  const preview = await (await labelled([])).trainingPreview();
  expect(preview).toMatchObject({
    rows: 2,
    placed: 5,
    added: 0,
    moved: 0,
    removed: 0,
    authors: [],
    faces: [],
  });
});

test('what is new since the import is counted by what became of it', async () => {
  const exports = await labelled([
    change(1, leftEye, visible(1, 0), visible(1.5, 0.5)),
    change(1, rightEye, absent, visible(0.5, 0.5)),
    change(2, nose, visible(1, 1), missing),
  ]);
  const preview = await exports.trainingPreview();
  expect(preview).toMatchObject({ rows: 2, placed: 5, added: 1, moved: 1, removed: 1 });
  expect(preview.authors).toEqual([{ kind: 'human', name: 'ana', cells: 3 }]);
  expect(preview.faces.map(({ imageId, fresh }) => [imageId, fresh])).toEqual([
    [1, [leftEye, rightEye]],
    [2, [nose]],
  ]);
});

test('what the table does not tell apart is not new: an occluded keypoint in its place, an absent one that was missing', async () => {
  const exports = await labelled([
    change(1, leftEye, { state: 'occluded', x: 1.5, y: 0.5 }, visible(1.5, 0.5)),
    change(2, nose, absent, missing),
  ]);
  expect(await exports.trainingPreview()).toMatchObject({ added: 0, moved: 0, removed: 0 });
});

test('a test image with a label is a row too', async () => {
  const exports = await labelled([change(3, nose, visible(1, 1), missing)]);
  expect(await exports.trainingPreview()).toMatchObject({ rows: 3, added: 1 });
});

test('the first lines are those of the file', async () => {
  const { lines } = await (await labelled([])).trainingPreview();
  expect(lines).toEqual([trainingHeader, '1.5,0.5,0.5,0.5,1,1,10 20 30 40', '1,0,0,1,,,5 6 7 9']);
});
