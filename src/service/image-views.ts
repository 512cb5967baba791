/** Images as clients see them. */
import type { Author } from '../contract/cells.ts';
import type { EditorImage, ImageView } from '../contract/images.ts';
import type { TrainResult } from '../ml/training/messages.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { notFound } from './problems.ts';

/** @throws NOT_FOUND when there is no such image */
export function viewImage({ images, labels }: Workspace, imageId: number): ImageView {
  const image = images.get(imageId);
  if (!image) throw notFound(`There is no image ${imageId}.`);
  const { id, sha256, width, height, duplicateGroup } = image;
  const alone = images.duplicatesOf(id).length === 1;
  return {
    id,
    sha256,
    width,
    height,
    duplicateGroup: alone ? null : duplicateGroup,
    labels: labels.of(id),
  };
}

/** @throws NOT_FOUND when there is no such image */
export function viewForEditor(workspace: Workspace, imageId: number): EditorImage {
  const { images, labels, sources, predictions } = workspace;
  const files = new Map(sources.list().map(({ id, fileName }) => [id, fileName]));
  const prediction = predictions.latest(imageId);
  return {
    ...viewImage(workspace, imageId),
    rows: sources.rowsOf(imageId).map(({ sourceId, row, imageKey, group }) => ({
      file: files.get(sourceId)!,
      row,
      key: imageKey ?? null,
      group: group ?? null,
    })),
    authors: labels.authorsOf(imageId).map((author): Author | null => author ?? null),
    duplicates: images.duplicatesOf(imageId).filter((id) => id !== imageId),
    prediction: prediction ? viewPrediction(workspace, prediction) : null,
  };
}

/** A keypoint's expected error is what the run's validation found for it. */
function viewPrediction(
  { runs, schema }: Workspace,
  { runId, points }: { runId: number; points: Float32Array },
): NonNullable<EditorImage['prediction']> {
  const result = runs.get(runId)!.metrics as TrainResult | null;
  return {
    runId,
    points: schema.keypoints.map((keypoint, k) => ({
      x: points[2 * k]!,
      y: points[2 * k + 1]!,
      expectedError: result?.validation.perKeypoint[keypoint] ?? null,
    })),
  };
}
