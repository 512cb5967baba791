/** Keypoint schemas: which keypoints exist, which mirror each other, which are joined by a line. */

/** An ordered list of named keypoints. Everything that counts keypoints asks the schema. */
export interface KeypointSchema {
  readonly id: string;
  readonly title: string;
  /** Names in column order; a keypoint's index is its position here. */
  readonly keypoints: readonly string[];
  /** Names that change places when a face is mirrored; a keypoint in no pair mirrors onto itself. */
  readonly mirrorPairs: readonly (readonly [string, string])[];
  /** Pairs of names joined by a line when drawn. */
  readonly skeleton: readonly (readonly [string, string])[];
}

/** The fifteen points of the competition, in the column order of its training.csv. */
export const face15: KeypointSchema = {
  id: 'face-15',
  title: 'Face, 15 keypoints (Kaggle Facial Keypoints Detection)',
  keypoints: [
    'left_eye_center',
    'right_eye_center',
    'left_eye_inner_corner',
    'left_eye_outer_corner',
    'right_eye_inner_corner',
    'right_eye_outer_corner',
    'left_eyebrow_inner_end',
    'left_eyebrow_outer_end',
    'right_eyebrow_inner_end',
    'right_eyebrow_outer_end',
    'nose_tip',
    'mouth_left_corner',
    'mouth_right_corner',
    'mouth_center_top_lip',
    'mouth_center_bottom_lip',
  ],
  mirrorPairs: [
    ['left_eye_center', 'right_eye_center'],
    ['left_eye_inner_corner', 'right_eye_inner_corner'],
    ['left_eye_outer_corner', 'right_eye_outer_corner'],
    ['left_eyebrow_inner_end', 'right_eyebrow_inner_end'],
    ['left_eyebrow_outer_end', 'right_eyebrow_outer_end'],
    ['mouth_left_corner', 'mouth_right_corner'],
  ],
  skeleton: [
    ['left_eye_outer_corner', 'left_eye_center'],
    ['left_eye_center', 'left_eye_inner_corner'],
    ['right_eye_outer_corner', 'right_eye_center'],
    ['right_eye_center', 'right_eye_inner_corner'],
    ['left_eyebrow_outer_end', 'left_eyebrow_inner_end'],
    ['right_eyebrow_outer_end', 'right_eyebrow_inner_end'],
    ['mouth_left_corner', 'mouth_center_top_lip'],
    ['mouth_center_top_lip', 'mouth_right_corner'],
    ['mouth_right_corner', 'mouth_center_bottom_lip'],
    ['mouth_center_bottom_lip', 'mouth_left_corner'],
  ],
};

/**
 * For every keypoint the index of the keypoint that it becomes in the mirror image.
 * @throws Error when a pair names a keypoint that the schema does not have, or names one twice.
 */
export function mirrorPermutation(schema: KeypointSchema): number[] {
  const permutation = schema.keypoints.map((_, index) => index);
  const paired = new Set<number>();
  for (const pair of schema.mirrorPairs) {
    const [left, right] = pair.map((name) => keypointIndex(schema, name)) as [number, number];
    if (left === right || paired.has(left) || paired.has(right))
      throw new Error(`Schema ${schema.id}: the mirror pair ${pair.join(', ')} names a keypoint twice.`);
    paired.add(left).add(right);
    permutation[left] = right;
    permutation[right] = left;
  }
  return permutation;
}

/** @throws Error when the schema has no keypoint of that name. */
export function keypointIndex(schema: KeypointSchema, name: string): number {
  const index = schema.keypoints.indexOf(name);
  if (index < 0) throw new Error(`Schema ${schema.id} has no keypoint named ${name}.`);
  return index;
}

/** Column names of a table of coordinates, `NAME_x` before `NAME_y`, in keypoint order. */
export function coordinateColumns(schema: KeypointSchema): string[] {
  return schema.keypoints.flatMap((name) => [`${name}_x`, `${name}_y`]);
}
