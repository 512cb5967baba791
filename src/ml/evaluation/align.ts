/** How one picture has to be moved to lie on another one of the same scene. */
import { cholesky, solve } from '../../domain/linear.ts';
import type { Affine } from '../augment/affine.ts';
import type { InputShape } from '../engine/engine.ts';

export interface Alignment {
  /** Takes a place in the first picture to the same spot of the scene in the second. */
  readonly affine: Affine;
  /** Of the two pictures' values where they lie on each other, in [-1, 1]. */
  readonly correlation: number;
}

const mostSteps = 20;
/** Shifts below this change nothing that counts, in pixels. */
const still = 1e-3;
/** Pixels that are compared: every second one, this far from the edge. */
const margin = 8;

/**
 * The turn, change of size and shift, with a change of light, that make the pictures most alike in the squared sense:
 * Gauss-Newton on second(map(x)) = gain first(x) + offset. Lucas & Kanade (1981); Baker & Matthews (2004), section 2.
 * @param first smooth over some pixels, or small differences are not found, as is `second`; both [height, width]
 */
export function align(first: Float32Array, second: Float32Array, shape: InputShape): Alignment {
  const unknowns = 6;
  /** x -> x + grow (x - centre) - turn (y - centre) + shift, and y likewise. */
  const map = { grow: 0, turn: 0, shiftX: 0, shiftY: 0 };
  for (let step = 0; step < mostSteps; step++) {
    const normal = new Float64Array(unknowns * unknowns);
    const right = new Float64Array(unknowns);
    const slopes = new Float64Array(unknowns);
    forEachMatch(second, map, shape, (at, u, v, value, slopeX, slopeY) => {
      slopes[0] = slopeX * u + slopeY * v;
      slopes[1] = slopeY * u - slopeX * v;
      slopes[2] = slopeX;
      slopes[3] = slopeY;
      slopes[4] = -first[at]!;
      slopes[5] = -1;
      for (let i = 0; i < unknowns; i++) {
        for (let j = 0; j <= i; j++) normal[i * unknowns + j]! += slopes[i]! * slopes[j]!;
        right[i]! -= slopes[i]! * value;
      }
    });
    // A picture without any contrast has nothing to hold on to.
    for (let i = 0; i < unknowns; i++) normal[i * unknowns + i]! += 1e-6 * normal[i * unknowns + i]! + 1e-9;
    const [grow, turn, shiftX, shiftY] = solve(cholesky(normal, unknowns), right);
    map.grow += grow!;
    map.turn += turn!;
    map.shiftX += shiftX!;
    map.shiftY += shiftY!;
    if (Math.hypot(shiftX!, shiftY!) < still) break;
  }

  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  forEachMatch(second, map, shape, (at, _u, _v, b) => {
    const a = first[at]!;
    count++;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  });
  const spread = Math.sqrt((sumAA - sumA ** 2 / count) * (sumBB - sumB ** 2 / count));
  return {
    affine: {
      mirrored: false,
      angle: Math.atan2(map.turn, 1 + map.grow),
      scale: Math.hypot(map.turn, 1 + map.grow),
      shiftX: map.shiftX,
      shiftY: map.shiftY,
    },
    correlation: spread > 0 ? (sumAB - (sumA * sumB) / count) / spread : 0,
  };
}

type Match = (at: number, u: number, v: number, value: number, slopeX: number, slopeY: number) => void;

/**
 * Visits places of the first picture that the second has, too.
 * @param visit is given the pixel's position in the first, its place (u, v) about the centre, and the second picture's
 * value and slopes where the map takes it
 */
function forEachMatch(
  second: Float32Array,
  map: { grow: number; turn: number; shiftX: number; shiftY: number },
  { width, height }: InputShape,
  visit: Match,
): void {
  const sample = (x: number, y: number) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const at = top * width + left;
    const upper = second[at]! + (x - left) * (second[at + 1]! - second[at]!);
    const lower = second[at + width]! + (x - left) * (second[at + width + 1]! - second[at + width]!);
    return upper + (y - top) * (lower - upper);
  };
  for (let y = margin; y < height - margin; y += 2)
    for (let x = margin; x < width - margin; x += 2) {
      const [u, v] = [x - (width - 1) / 2, y - (height - 1) / 2];
      const toX = x + map.grow * u - map.turn * v + map.shiftX;
      const toY = y + map.turn * u + map.grow * v + map.shiftY;
      if (!(toX >= 1 && toY >= 1 && toX < width - 2 && toY < height - 2)) continue;
      const slopeX = (sample(toX + 1, toY) - sample(toX - 1, toY)) / 2;
      const slopeY = (sample(toX, toY + 1) - sample(toX, toY - 1)) / 2;
      visit(y * width + x, u, v, sample(toX, toY), slopeX, slopeY);
    }
}
