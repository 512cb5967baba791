/**
 * The keypoints of many images as one array: [images, keypoints, 2] flattened, x before y, in pixels.
 * NaN in both coordinates means that the keypoint has no place (missing or absent).
 */
export type Points = Float32Array;

/** x of the mirror image of a picture `width` pixels wide: pixel centres, so 0 becomes width - 1. */
export function mirrorX(x: number, width: number): number {
  return width - 1 - x;
}

/** Mirrors points: every keypoint of the result is its partner's place, reflected. `permutation` as mirrorPermutation gives it. */
export function mirrorPoints(points: Points, permutation: readonly number[], width: number): Points {
  const keypoints = permutation.length;
  const mirrored = new Float32Array(points.length);
  for (let start = 0; start < points.length; start += 2 * keypoints)
    for (let k = 0; k < keypoints; k++) {
      const from = start + 2 * permutation[k]!;
      mirrored[start + 2 * k] = mirrorX(points[from]!, width);
      mirrored[start + 2 * k + 1] = points[from + 1]!;
    }
  return mirrored;
}
