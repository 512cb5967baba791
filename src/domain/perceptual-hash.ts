/** What a picture looks like, in few numbers: for finding near duplicates whatever their size and light. */

/** 64 bits as two unsigned 32-bit integers. */
export interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

/**
 * dHash 64 (Krawetz, "Kind of Like That", 2013): shrinks the picture to 9 x 8 by area averages; each bit tells whether
 * a cell is brighter than its right neighbour. The first bit (top left) is the highest of `high`.
 * @param pixels gray, [height, width]
 */
export function differenceHash(pixels: Uint8Array, width: number, height: number): PerceptualHash {
  const cells = areaAverages(pixels, width, height, 9, 8);
  const words = [0, 0];
  for (let bit = 0; bit < 64; bit++) {
    const cell = Math.floor(bit / 8) * 9 + (bit % 8);
    if (cells[cell]! > cells[cell + 1]!) words[bit >> 5]! |= 1 << (31 - (bit & 31));
  }
  return { high: words[0]! >>> 0, low: words[1]! >>> 0 };
}

/**
 * 16 x 16 area averages with mean 0 and length 1, so that the dot product of two is their pictures' correlation.
 * All 0 for a picture without any contrast.
 * @param pixels gray, [height, width]
 */
export function normalizedThumbnail(pixels: Uint8Array, width: number, height: number): Float32Array {
  const cells = areaAverages(pixels, width, height, 16, 16);
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const length = Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return Float32Array.from(cells, (value) => (length > 0 ? (value - mean) / length : 0));
}

/** Of two normalised thumbnails; in [-1, 1]. */
export function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * Shrinks to [toHeight, toWidth]; a pixel on the border of two cells counts for each by the share that lies in it.
 * Exact: all sums are of whole numbers, so cells that look the same are equal.
 */
function areaAverages(
  pixels: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Float64Array {
  const narrow = new Float64Array(toWidth * height);
  for (let y = 0; y < height; y++) shrinkLine(pixels, y * width, width, narrow, y, height, toWidth);
  const small = new Float64Array(toHeight * toWidth);
  for (let x = 0; x < toWidth; x++) shrinkLine(narrow, x * height, height, small, x, toWidth, toHeight);
  for (let i = 0; i < small.length; i++) small[i]! /= width * height;
  return small;
}

/**
 * Sums one line of `length` values over each of `cells` equal stretches, in units of 1 / cells of a value: a stretch is
 * `length` units long, so every share is a whole number.
 */
function shrinkLine(
  values: Uint8Array | Float64Array,
  from: number,
  length: number,
  sums: Float64Array,
  to: number,
  step: number,
  cells: number,
): void {
  let sum = 0;
  let room = length; // units left in the cell
  for (let i = from; i < from + length; i++) {
    const value = values[i]!;
    if (room > cells) {
      sum += cells * value;
      room -= cells;
      continue;
    }
    let units = cells; // of this value, still to be given to a cell
    while (units >= room) {
      sums[to] = sum + room * value;
      to += step;
      units -= room;
      room = length;
      sum = 0;
    }
    sum = units * value;
    room -= units;
  }
}
