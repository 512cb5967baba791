/** Where keypoints should be by the symmetry of the face: each opposite its partner of the other half. */

/**
 * The axis is the straight line that the placed points tell of: the middles of pairs and the points that are their own
 * partners lie on it, and what joins a pair crosses it at a right angle. With one such point alone it is upright.
 * @param points [keypoints, 2] in pixels, NaN where there is no place
 * @param permutation as mirrorPermutation gives it
 * @returns for each keypoint; null for one that is placed, is its own partner, has none placed, or where nothing tells of the axis
 */
export function mirrorFromPlaced(
  points: ArrayLike<number>,
  permutation: readonly number[],
): ({ x: number; y: number } | null)[] {
  const axis = findAxis(points, permutation);
  return permutation.map((partner, k) => {
    if (!axis || partner === k || isPlaced(points, k) || !isPlaced(points, partner)) return null;
    const [x, y] = [points[2 * partner]!, points[2 * partner + 1]!];
    const beyond = 2 * (x * axis.normalX + y * axis.normalY - axis.offset);
    return { x: x - beyond * axis.normalX, y: y - beyond * axis.normalY };
  });
}

/** Points p with normal . p = offset; the normal has length 1. */
interface Axis {
  readonly normalX: number;
  readonly normalY: number;
  readonly offset: number;
}

function findAxis(points: ArrayLike<number>, permutation: readonly number[]): Axis | undefined {
  const on: [number, number][] = [];
  const across: [number, number][] = [];
  permutation.forEach((partner, k) => {
    if (partner < k || !isPlaced(points, k) || !isPlaced(points, partner)) return;
    const [x, y, otherX, otherY] = [2 * k, 2 * k + 1, 2 * partner, 2 * partner + 1].map(
      (i) => points[i]!,
    ) as [number, number, number, number];
    on.push([(x + otherX) / 2, (y + otherY) / 2]);
    if (partner !== k) across.push([x - otherX, y - otherY]);
  });
  if (on.length === 0) return undefined;
  const middleX = on.reduce((sum, [x]) => sum + x, 0) / on.length;
  const middleY = on.reduce((sum, [, y]) => sum + y, 0) / on.length;
  // The normal goes along what joins pairs and across what lies on the axis: the first eigenvector of the difference.
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of across) {
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  for (const [x, y] of on) {
    xx -= (x - middleX) ** 2;
    xy -= (x - middleX) * (y - middleY);
    yy -= (y - middleY) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [normalX, normalY] = [Math.cos(angle), Math.sin(angle)];
  return { normalX, normalY, offset: middleX * normalX + middleY * normalY };
}

const isPlaced = (points: ArrayLike<number>, keypoint: number) => !Number.isNaN(points[2 * keypoint]!);
