/** Pictures that are drawn quickly, for workspaces that only have to be large. */
import type { Random } from '../../src/domain/random.ts';

/** Width and height. */
export const side = 96;
const coarse = 7;

/** A coarse grid of grays, interpolated: it compresses about as well as a face. [height, width] */
export function drawPicture(random: Random): Uint8Array {
  const grid = Float64Array.from({ length: coarse * coarse }, () => random.integer(256));
  const pixels = new Uint8Array(side * side);
  const step = (coarse - 1) / (side - 1);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [column, row] = [
        Math.min(coarse - 2, Math.floor(x * step)),
        Math.min(coarse - 2, Math.floor(y * step)),
      ];
      const [right, down, at] = [x * step - column, y * step - row, row * coarse + column];
      const upper = grid[at]! * (1 - right) + grid[at + 1]! * right;
      const lower = grid[at + coarse]! * (1 - right) + grid[at + coarse + 1]! * right;
      pixels[y * side + x] = upper * (1 - down) + lower * down;
    }
  return pixels;
}
