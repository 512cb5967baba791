/** Where the cells of heat maps lie. */
import type { SoftArgmaxLayer } from './placed.ts';

/**
 * The middle of every cell of one keypoint's heat map, as [cells * cells * height * width, 2]: x and y in half widths of the
 * picture, 0 its middle, in the order in which the cells' values lie behind each other.
 */
export function cellPlaces({ input: [, height, width], cells }: SoftArgmaxLayer): Float32Array {
  const places = new Float32Array(2 * cells * cells * height * width);
  let at = 0;
  for (let down = 0; down < cells; down++)
    for (let right = 0; right < cells; right++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          places[at++] = (2 * (column * cells + right) + 1) / (width * cells) - 1;
          places[at++] = (2 * (row * cells + down) + 1) / (height * cells) - 1;
        }
  return places;
}
