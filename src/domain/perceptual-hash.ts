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
  let mean = 0;
  for (let i = 0; i < cells.length; i++) mean += cells[i]! / cells.length;
  let square = 0;
  for (let i = 0; i < cells.length; i++) square += (cells[i]! - mean) ** 2;
  const thumbnail = new Float32Array(cells.length);
  const length = Math.sqrt(square);
  if (length > 0) for (let i = 0; i < cells.length; i++) thumbnail[i] = (cells[i]! - mean) / length;
  return thumbnail;
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
  const columns = new Float64Array(width);
  const cells = new Float64Array(toHeight * toWidth);
  for (let y = 0; y < toHeight; y++) {
    const rows = stretch(y, toHeight, height);
    for (let x = 0; x < width; x++) columns[x] = weightedSum(pixels, x, width, rows);
    for (let x = 0; x < toWidth; x++)
      cells[y * toWidth + x] = weightedSum(columns, 0, 1, stretch(x, toWidth, width)) / (width * height);
  }
  return cells;
}

/** The values `first` to `last` that a cell lies on: all units of the inner ones, fewer of the outermost. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly firstUnits: number;
  readonly innerUnits: number;
  readonly lastUnits: number;
}

/** What of `length` values falls into one of `cells` equal cells, in units of 1 / cells of a value. */
function stretch(cell: number, cells: number, length: number): Stretch {
  const [start, end] = [cell * length, (cell + 1) * length];
  const [first, last] = [Math.floor(start / cells), Math.floor((end - 1) / cells)];
  const firstUnits = Math.min(end, (first + 1) * cells) - start;
  return { first, last, firstUnits, innerUnits: cells, lastUnits: first === last ? 0 : end - last * cells };
}

/** Over the values at `start`, `start + step`, ... */
function weightedSum(values: Uint8Array | Float64Array, start: number, step: number, over: Stretch): number {
  const stop = start + over.last * step;
  let inner = 0;
  for (let at = start + (over.first + 1) * step; at < stop; at += step) inner += values[at]!;
  const outermost = over.firstUnits * values[start + over.first * step]! + over.lastUnits * values[stop]!;
  return over.innerUnits * inner + outermost;
}
