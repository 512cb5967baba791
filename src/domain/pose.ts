/** How a face is turned, as its keypoints tell. */
import type { Points } from './points.ts';
import type { KeypointSchema } from './schema.ts';
import { keypointIndex } from './schema.ts';

export interface Pose {
  /** To the side: how far the middle points lie from between the pairs, in half widths of these; 0 looks ahead. */
  readonly turn: number;
  /** Of the head, in degrees; positive where the left side is lower. */
  readonly tilt: number;
}

/** @param points [keypoints, 2] in pixels, all placed; @returns undefined where the schema has no pairs or no middle */
export function poseOf(schema: KeypointSchema, points: Points): Pose | undefined {
  const pairs = schema.mirrorPairs.map((pair) => pair.map((name) => keypointIndex(schema, name)));
  const paired = new Set(pairs.flat());
  const middle = [...schema.keypoints.keys()].filter((k) => !paired.has(k));
  if (pairs.length === 0 || middle.length === 0) return undefined;
  const mean = (keypoints: readonly number[], axis: 0 | 1) =>
    keypoints.reduce((sum, k) => sum + points[2 * k + axis]!, 0) / keypoints.length;
  const [left, right] = [pairs.map(([l]) => l!), pairs.map(([, r]) => r!)];
  // From the right side to the left one, which is at the right of the picture.
  const [x, y] = [mean(left, 0) - mean(right, 0), mean(left, 1) - mean(right, 1)];
  const width = Math.hypot(x, y);
  const off = [0, 1].map((axis) => mean(middle, axis as 0 | 1) - mean([...paired], axis as 0 | 1));
  return {
    turn: (off[0]! * x + off[1]! * y) / width / (width / 2),
    tilt: (Math.atan2(y, x) * 180) / Math.PI,
  };
}
