import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fitShape } from '../../../src/domain/shape-fit.ts';
import { strangeness } from '../../../src/domain/shape-model.ts';
import { rankSuspects } from '../../../src/domain/suspects.ts';
import { placeOutOfFold } from '../../../src/ml/baselines/folds.ts';
import { groupAlike, likenessFeatures } from '../../../src/ml/training/alike.ts';
import { loadDataset } from '../../../src/trainer/load.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';
import { scratchDirectory } from '../../workspace/scratch.ts';
import { spotsWorkspace } from '../../trainer/spots-workspace.ts';

test('where an image’s keypoints are placed does not depend on the labels of its group', () => {
  const directory = scratchDirectory();
  const { snapshot } = spotsWorkspace(directory);
  const workspace = Workspace.openReadOnly(directory);
  onTestFinished(() => {
    workspace.close();
  });
  const dataset = loadDataset(workspace, snapshot);
  const groups = dataset.imageIds.map((_, image) => image >> 1);
  const before = placeOutOfFold(dataset, groups);
  const outputs = 2 * dataset.schema.keypoints.length;
  const points = dataset.points.slice();
  for (let i = 10 * outputs; i < 12 * outputs; i++) points[i]! += 30; // images 10 and 11 are group 5
  const after = placeOutOfFold({ ...dataset, points }, groups);
  expect(after.slice(10 * outputs, 12 * outputs)).toEqual(before.slice(10 * outputs, 12 * outputs));
  expect(after).not.toEqual(before);
});

/** Rows of training.csv that are plainly wrong to the eye of a person who looked through several hundred suspects. */
const wrongRows = [
  92, 94, 155, 162, 229, 248, 294, 403, 445, 794, 876, 953, 1148, 1167, 1172, 1220, 1430, 1491, 1502, 1616,
  1684, 1772, 1811, 1846, 1878, 1897, 1899, 1915, 2000, 2043, 2259, 2263, 2274, 2278, 2379, 2492, 2509, 2537,
  2626, 2683, 2719, 2948, 3033, 3273, 3276,
];
const archive = resolve(import.meta.dirname, '../../../../shared/data/facial-keypoints-detection.zip');

test.skipIf(!existsSync(archive))(
  'of the plainly wrong rows among 3,320 real ones four in five stand in the first 100 (skipped where ../shared/data is absent)',
  async () => {
    const workspace = Workspace.open(scratchDirectory(), { create: true });
    await importArchive(workspace, archive);
    const dataset = loadDataset(workspace, workspace.snapshots.take().id);
    const [table] = workspace.sources.list().filter(({ kind }) => kind === 'training');
    const rowOf = new Map(workspace.sources.rows(table!.id).map(({ row, imageId }) => [imageId, row]));
    onTestFinished(() => {
      workspace.close();
    });

    const { schema, points, imageIds, pictures, input } = dataset;
    const keypoints = schema.keypoints.length;
    const shape = fitShape(
      points.map((value) => (value + 0.5) / 96),
      keypoints,
    );
    const deviations = imageIds.flatMap((_, i) =>
      strangeness(shape, points.subarray(2 * i * keypoints, 2 * (i + 1) * keypoints), input).map(
        (strange) => strange?.deviations ?? 0,
      ),
    );
    const predicted = placeOutOfFold(
      dataset,
      groupAlike(likenessFeatures(pictures, imageIds.length, input), dataset.together, 0.7),
    );
    const ranked = rankSuspects(schema, {
      ...{ labels: points, sources: [predicted], deviations },
      isSettled: () => false,
    });
    const first = new Set(ranked.slice(0, 100).map(({ image }) => rowOf.get(imageIds[image]!)));
    const found = wrongRows.filter((row) => first.has(row));
    expect(found.length).toBeGreaterThanOrEqual(0.8 * wrongRows.length);
  },
);
