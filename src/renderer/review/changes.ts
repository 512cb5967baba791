/** What a person makes of a prediction: changes to labels, stored before anybody hears of it. */
import type { Author } from '../../contract/cells.ts';
import type { LabelChange } from '../../contract/labels.ts';
import { isPlaced, type Label } from '../../domain/label.ts';

/** An image with its labels, in the schema's order. */
export interface Labelled {
  readonly id: number;
  readonly labels: readonly Label[];
}

type Points = readonly { readonly x: number; readonly y: number }[];

/** The run's places as labels, which stay due to the run. */
export function accepted(
  { id, labels }: Labelled,
  placed: Points,
  keypoints: readonly number[],
  runId: number,
): LabelChange[] {
  const author: Author = { kind: 'model-run', name: String(runId) };
  return keypoints.map((keypoint) => {
    const { x, y } = placed[keypoint]!;
    return { imageId: id, keypoint, before: labels[keypoint]!, after: { state: 'visible', x, y }, author };
  });
}

/** No labels where they are wrong. */
export function cleared({ id, labels }: Labelled, keypoints: readonly number[]): LabelChange[] {
  return keypoints
    .filter((keypoint) => labels[keypoint]!.state !== 'missing')
    .map((keypoint) => ({
      ...{ imageId: id, keypoint, before: labels[keypoint]! },
      after: { state: 'missing' },
    }));
}

/** All labels that have a place, as they are: to say that they are right. */
export function confirmed({ id, labels }: Labelled): LabelChange[] {
  return labels.flatMap((label, keypoint) =>
    isPlaced(label) ? [{ imageId: id, keypoint, before: label, after: label }] : [],
  );
}
