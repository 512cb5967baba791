import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isPlaced } from '../../../src/domain/label.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { Workspace } from '../../../src/workspace/workspace.ts';
import { scratchDirectory } from '../scratch.ts';

const archive = resolve(import.meta.dirname, '../../../../shared/data/facial-keypoints-detection.zip');

test.skipIf(!existsSync(archive))(
  'real faces in the competition’s layout are imported whole (skipped where ../shared/data is absent)',
  async () => {
    const workspace = Workspace.open(scratchDirectory(), { create: true });
    const report = await importArchive(workspace, archive);
    const complete = workspace.images.ids().filter((id) => workspace.labels.of(id).every(isPlaced));
    workspace.close();
    expect(report).toMatchObject({
      trainingImages: 3320,
      testImages: 912,
      imagesAdded: 4232,
      askedValues: 13_984,
    });
    expect(report.conflicts.total).toBe(0);
    expect(complete).toHaveLength(999);
  },
);
