/** What the images selected add up to. */
import type { LabelState } from '../domain/label.ts';
import { labelStates } from '../domain/label.ts';
import type { Matching } from './selections.ts';

/** How many of the images have each keypoint in each state, and how many have none that is missing. */
export function matrixOf({ catalogue, rows }: Pick<Matching, 'catalogue' | 'rows'>) {
  const { keypoints, states, missing } = catalogue;
  const counts = new Uint32Array(keypoints * labelStates.length);
  let [images, complete] = [0, 0];
  for (let row = 0; row < rows.length; row++) {
    if (rows[row] !== 1) continue;
    images++;
    if (missing[row] === 0) complete++;
    for (let k = 0; k < keypoints; k++) counts[k * labelStates.length + states[row * keypoints + k]!]!++;
  }
  return {
    images,
    complete,
    keypoints: Array.from({ length: keypoints }, (_, k) =>
      Object.fromEntries(labelStates.map((state, s) => [state, counts[k * labelStates.length + s]!])),
    ) as Record<LabelState, number>[],
  };
}
