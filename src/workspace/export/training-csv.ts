/** The workspace's labels as a table like the competition's training.csv. */
import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';
import { isPlaced, type Label } from '../../domain/label.ts';
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
    yield trainingColumns(workspace);
    for (const row of trainingRows(workspace)) {
      yield fieldsOf(workspace, row);
      rows++;
    }
  }
  const written = await writeFileAtomically(
    out,
    pipeline(Readable.from(lines()), stringify(), () => undefined),
  );
  return { ...written, rows };
}

export interface TrainingRow {
  readonly imageId: number;
  readonly labels: readonly Label[];
}

export const trainingColumns = ({ schema }: Workspace): string[] => [...coordinateColumns(schema), 'Image'];

/** The images that the table has a row for, in its order. */
export function* trainingRows({ sources, images, labels }: Workspace): Generator<TrainingRow> {
  const trainingIds = sources.imageIds('training');
  for (const imageId of images.ids()) {
    const held = labels.of(imageId);
    if (trainingIds.has(imageId) || held.some(isPlaced)) yield { imageId, labels: held };
  }
}

export function fieldsOf({ images }: Workspace, { imageId, labels }: TrainingRow): (string | number)[] {
  const places = labels.flatMap((label): (string | number)[] =>
    isPlaced(label) ? [label.x, label.y] : ['', ''],
  );
  return [...places, images.pixels(imageId).join(' ')];
}
