/** Which half of the face a keypoint is on, for its colour: mirror pairs are listed left before right. */
import type { KeypointSchema } from '../domain/schema.ts';

export type Side = 'left' | 'right' | 'middle';

/** One for each keypoint, in the schema's order. */
export function sidesOf({
  keypoints,
  mirrorPairs,
}: Pick<KeypointSchema, 'keypoints' | 'mirrorPairs'>): Side[] {
  const left = new Set(mirrorPairs.map(([name]) => name));
  const right = new Set(mirrorPairs.map(([, name]) => name));
  return keypoints.map((name) => (left.has(name) ? 'left' : right.has(name) ? 'right' : 'middle'));
}
