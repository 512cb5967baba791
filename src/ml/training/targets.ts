/**
 * Targets of a network: coordinates about the picture's centre in half sides, (x - (width - 1) / 2) / (width / 2) and
 * the same for y, so that the picture spans -1..1. Flattened in keypoint order, x before y.
 */
import type { Points } from '../../domain/points.ts';
import type { InputShape } from '../engine/engine.ts';

/** @returns NaN where a point is missing */
export function targetsOf(points: Points, { width, height }: InputShape): Float32Array {
  return points.map((value, i) => {
    const side = i % 2 === 0 ? width : height;
    return (value - (side - 1) / 2) / (side / 2);
  });
}

/** The inverse of targetsOf. */
export function pointsOf(targets: Float32Array, { width, height }: InputShape): Points {
  return targets.map((value, i) => {
    const side = i % 2 === 0 ? width : height;
    return (value * side) / 2 + (side - 1) / 2;
  });
}

/** Mean place of each keypoint over the images that have it; the picture's centre where none has. [keypoints, 2] */
export function meanShape(
  points: Points,
  images: ArrayLike<number>,
  keypoints: number,
  input: InputShape,
): Float32Array {
  const outputs = 2 * keypoints;
  const sums = new Float64Array(outputs);
  const counts = new Float64Array(outputs);
  for (let i = 0; i < images.length; i++)
    for (let output = 0; output < outputs; output++) {
      const value = points[images[i]! * outputs + output]!;
      if (Number.isNaN(value)) continue;
      sums[output]! += value;
      counts[output]!++;
    }
  return Float32Array.from(sums, (sum, output) => {
    const side = output % 2 === 0 ? input.width : input.height;
    return counts[output]! > 0 ? sum / counts[output]! : (side - 1) / 2;
  });
}
