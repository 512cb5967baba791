/** Where a run has placed keypoints. */
import { join } from 'node:path';
import { readTrial, validationFile } from '../ml/evaluation/trial-file.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { inPicture } from './run-view.ts';

/** On validation images as its evaluation found, on others as its predictions say; null where it has said nothing. */
export function placedBy(workspace: Workspace, run: Run, imageIds: readonly number[]) {
  const trial = readTrial(join(workspace.runs.directoryOf(run), validationFile));
  const rows = new Map(trial?.imageIds.map((id, row) => [id, row]));
  const outputs = 2 * workspace.schema.keypoints.length;
  return imageIds.map((imageId) => {
    const row = rows.get(imageId);
    if (row !== undefined) {
      const own = trial!.predicted.subarray(row * outputs, (row + 1) * outputs);
      return { imageId, points: inPicture(workspace, imageId, [...own]) };
    }
    const said = workspace.predictions.points(run.id, [imageId]);
    if (Number.isNaN(said[0]!)) return { imageId, points: null };
    const points = Array.from({ length: outputs / 2 }, (_, k) => ({ x: said[2 * k]!, y: said[2 * k + 1]! }));
    return { imageId, points };
  });
}
