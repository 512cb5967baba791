/** Where the names of points stand, so that none lies over another. */
import type { Side } from '../sides.ts';
import type { Point } from './viewport.ts';

export interface Named extends Point {
  readonly name: string;
  readonly side: Side;
}

/** Of a name, in screen pixels: from its point, and for each letter, at most. */
export const nameDistance = 13;
const letter = 6.4;
const line = 13;

/** @returns how far each name is moved down from beside its point, in screen pixels; those of the right side stand left of it */
export function nameShifts(points: readonly Named[]): number[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return points.map(({ x, y, name, side }) => {
    const width = letter * name.length;
    const left = side === 'right' ? x - nameDistance - width : x + nameDistance;
    const isFree = (shift: number) =>
      taken.every(
        (other) => other.right < left || left + width < other.left || Math.abs(other.y - y - shift) >= line,
      );
    const shift = shifts.find(isFree) ?? 0;
    taken.push({ left, right: left + width, y: y + shift });
    return shift;
  });
}

const shifts = [0, 1, -1, 2, -2, 3, -3, 4, -4].map((lines) => lines * line);
