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

/** Shrinks to [toHeight, toWidth]; a pixel on the border of two cells counts for each by the share that lies in it. */
function areaAverages(
  pixels: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Float64Array {
  const across = shares(width, toWidth);
  const down = shares(height, toHeight);
  const narrow = new Float64Array(height * toWidth);
  for (let y = 0; y < height; y++)
    for (let i = 0; i < across.share.length; i++)
      narrow[y * toWidth + across.to[i]!]! += across.share[i]! * pixels[y * width + across.from[i]!]!;
  const small = new Float64Array(toHeight * toWidth);
  for (let i = 0; i < down.share.length; i++)
    for (let x = 0; x < toWidth; x++)
      small[down.to[i]! * toWidth + x]! += down.share[i]! * narrow[down.from[i]! * toWidth + x]!;
  return small;
}

/** Which of `length` pixels falls into which of `cells` equal stretches, and what share of the stretch it fills. */
function shares(length: number, cells: number): { from: number[]; to: number[]; share: number[] } {
  const stretch = length / cells;
  const result = { from: [] as number[], to: [] as number[], share: [] as number[] };
  for (let to = 0; to < cells; to++) {
    const [start, end] = [to * stretch, (to + 1) * stretch];
    for (let from = Math.floor(start); from < Math.min(length, Math.ceil(end)); from++) {
      result.from.push(from);
      result.to.push(to);
      result.share.push((Math.min(end, from + 1) - Math.max(start, from)) / stretch);
    }
  }
  return result;
}
