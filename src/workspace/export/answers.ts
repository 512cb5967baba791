/** What a run answers to every value that a submission must give. */
import { InputProblem } from '../../domain/problem.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import type { LookupRow } from '../submissions.ts';
import type { Workspace } from '../workspace.ts';

export interface Answer extends LookupRow {
  readonly imageId: number;
  /** As it is written: within the picture, in ten-thousandths of a pixel, finer than any label. NaN where the run has said nothing. */
  readonly location: number;
  /** Whether the run placed it outside the picture. */
  readonly clipped: boolean;
}

/**
 * In the lookup table's order, clipped to 0 ... width (or height) of the image.
 * @throws InputProblem when there is no lookup table
 */
export function answersOf(workspace: Workspace, runId: number): Answer[] {
  const asked = workspace.submissions.lookup();
  if (asked.length === 0)
    throw new InputProblem('The workspace does not know which values a submission must give.', {
      file: workspace.directory,
      expected: 'an imported IdLookupTable.csv',
      hint: 'Import the competition’s archive.',
    });
  const idByKey = workspace.sources.imagesByKey();
  const keys = [...new Set(asked.map(({ imageKey }) => imageKey))];
  const position = new Map(keys.map((key, i) => [key, i]));
  const imageIds = keys.map((key) => idByKey.get(key)!);
  const points = workspace.predictions.points(runId, imageIds);
  const sizes = imageIds.map((id) => workspace.images.get(id)!);
  const keypoints = workspace.schema.keypoints.length;
  return asked.map((row): Answer => {
    const image = position.get(row.imageKey)!;
    const { id: imageId, width, height } = sizes[image]!;
    const predicted = points[2 * (image * keypoints + row.keypoint) + (row.axis === 'x' ? 0 : 1)]!;
    const inside = Math.min(row.axis === 'x' ? width : height, Math.max(0, predicted));
    return {
      ...row,
      imageId,
      location: Number(inside.toFixed(4)),
      clipped: inside !== predicted && !Number.isNaN(predicted),
    };
  });
}

/** An image's answers as one place for each keypoint; null where x or y is not asked for or not predicted. */
export function placesOf(
  { keypoints }: KeypointSchema,
  answers: readonly Answer[],
): ({ x: number; y: number } | null)[] {
  const values = new Map(answers.map(({ keypoint, axis, location }) => [`${keypoint} ${axis}`, location]));
  return keypoints.map((_, k) => {
    const [x = NaN, y = NaN] = [values.get(`${k} x`), values.get(`${k} y`)];
    return Number.isNaN(x) || Number.isNaN(y) ? null : { x, y };
  });
}
