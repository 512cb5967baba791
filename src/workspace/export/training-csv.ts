/** The workspace's labels as a table like the competition's training.csv. */
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';
import { isPlaced } from '../../domain/label.ts';
import { coordinateColumns } from '../../domain/schema.ts';
import type { Workspace } from '../workspace.ts';
import type { WrittenFile } from './atomic-file.ts';
import { writeFileAtomically } from './atomic-file.ts';

/**
 * Writes one row for every image of the training tables, and for every other image that has a label, in the order in
 * which they were added: the columns of the competition, coordinates in as many digits as they have, occluded keypoints
 * like visible ones, and empty fields where a keypoint has no place. Imported again it adds no image and no label.
 */
export async function exportTrainingCsv(
  workspace: Workspace,
  out: string,
): Promise<WrittenFile & { readonly rows: number }> {
  let rows = 0;
  function* lines(): Generator<(string | number)[]> {
    yield [...coordinateColumns(workspace.schema), 'Image'];
    const trainingIds = workspace.sources.imageIds('training');
    for (const id of workspace.images.ids()) {
      const labels = workspace.labels.of(id);
      if (!trainingIds.has(id) && !labels.some(isPlaced)) continue;
      const places = labels.flatMap((label): (string | number)[] =>
        isPlaced(label) ? [label.x, label.y] : ['', ''],
      );
      yield [...places, workspace.images.pixels(id).join(' ')];
      rows++;
    }
  }
  const written = await writeFileAtomically(
    out,
    pipeline(Readable.from(lines()), stringify(), () => undefined),
  );
  return { ...written, rows };
}
