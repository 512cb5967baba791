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
  for (const value of cells) mean += value / cells.length;
  let square = 0;
  for (const value of cells) square += (value - mean) ** 2;
  const thumbnail = new Float32Array(cells.length);
  if (square > 0)
    for (let i = 0; i < cells.length; i++) thumbnail[i] = (cells[i]! - mean) / Math.sqrt(square);
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
  const bands = new Float64Array(toHeight * width);
  for (const { from, to, units } of pieces(height, toHeight))
    for (let x = 0; x < width; x++) bands[to * width + x]! += units * pixels[from * width + x]!;
  const cells = new Float64Array(toHeight * toWidth);
  for (const { from, to, units } of pieces(width, toWidth))
    for (let y = 0; y < toHeight; y++) cells[y * toWidth + to]! += units * bands[y * width + from]!;
  return cells.map((sum) => sum / (width * height));
}

/** Which of `length` values falls into which of `cells` equal stretches, in units of 1 / cells of a value. */
function pieces(length: number, cells: number): { from: number; to: number; units: number }[] {
  const result = [];
  for (let at = 0; at < length * cells;) {
    const [from, to] = [Math.floor(at / cells), Math.floor(at / length)];
    const units = Math.min((from + 1) * cells, (to + 1) * length) - at;
    result.push({ from, to, units });
    at += units;
  }
  return result;
}
