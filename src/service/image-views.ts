/** Images as clients see them. */
import type { Author } from '../contract/cells.ts';
import type { EditorImage, ImageView } from '../contract/images.ts';
import { toPoints } from '../domain/label.ts';
import type { ShapeModel } from '../domain/shape-model.ts';
import { strangest } from '../domain/shape-model.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { certaintiesOf } from './certainty.ts';
import { disputedKeypoints } from './disputes.ts';
import { notFound } from './problems.ts';

/**
 * @param shape as far as it is known
 * @param judged the only keypoint that may stand out
 * @throws NOT_FOUND when there is no such image
 */
export function viewImage(
  { images, labels }: Workspace,
  imageId: number,
  shape: ShapeModel | undefined,
  judged?: number,
): ImageView {
  const image = images.get(imageId);
  if (!image) throw notFound(`There is no image ${imageId}.`);
  const { id, sha256, width, height, duplicateGroup } = image;
  const held = labels.of(id);
  return {
    id,
    sha256,
    width,
    height,
    duplicateGroup: images.hasDuplicates(image) ? duplicateGroup : null,
    labels: held,
    outlier: shape ? strangest(shape, toPoints(held), image, judged) : null,
  };
}

/**
 * @param shape as far as it is known
 * @param catalogue asked for only where it is needed
 * @throws NOT_FOUND when there is no such image
 */
export function viewForEditor(
  workspace: Workspace,
  imageId: number,
  shape: ShapeModel | undefined,
  catalogue: () => Catalogue,
): EditorImage {
  const { images, labels, sources, predictions } = workspace;
  const rows = sources.rowsOf(imageId);
  const files = new Map(sources.list().map(({ id, fileName }) => [id, fileName]));
  const prediction = predictions.latest(imageId);
  return {
    ...viewImage(workspace, imageId, shape),
    rows: rows.map(({ sourceId, row, imageKey, group }) => ({
      file: files.get(sourceId)!,
      row,
      key: imageKey ?? null,
      group: group ?? null,
    })),
    authors: labels.authorsOf(imageId).map((author): Author | null => author ?? null),
    disputed: disputedKeypoints(workspace, imageId, sources.importedAt()),
    duplicates: images.duplicatesOf(imageId).filter((id) => id !== imageId),
    companions: rows.some(({ group }) => group !== undefined)
      ? companionsOf(imageId, workspace, catalogue())
      : [],
    prediction: prediction ? viewPrediction(workspace, imageId, prediction) : null,
  };
}

/** In the order in which they were added. */
function companionsOf(imageId: number, { sources }: Workspace, catalogue: Catalogue): number[] {
  const groups = catalogue.fact('named groups', () => {
    const byImage = new Map<number, number[][]>();
    for (const group of sources.namedGroups())
      for (const id of group) byImage.set(id, [...(byImage.get(id) ?? []), group]);
    return byImage;
  });
  const companions = new Set(groups.get(imageId)?.flat());
  companions.delete(imageId);
  return [...companions].sort((a, b) => a - b);
}

function viewPrediction(
  workspace: Workspace,
  imageId: number,
  { runId, points, spread }: { runId: number; points: Float32Array; spread: Float32Array | undefined },
): NonNullable<EditorImage['prediction']> {
  const { runs, images } = workspace;
  const sure = certaintiesOf(workspace, runs.get(runId)!, images.get(imageId)!, spread);
  return { runId, points: sure.map((own, k) => ({ x: points[2 * k]!, y: points[2 * k + 1]!, ...own })) };
}
