/** dHash 64: what a picture looks like in 64 bits, for finding near duplicates. After Krawetz, "Kind of Like That" (2013). */

/** 64 bits as two unsigned 32-bit integers. */
export interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

const columns = 9;
const rows = 8;

/**
 * Shrinks the picture to 9 x 8 by area averages; each bit tells whether a cell is brighter than its right neighbour.
 * The first bit (top left) is the highest of `high`.
 * @param pixels gray, [height, width]
 */
export function differenceHash(pixels: Uint8Array, width: number, height: number): PerceptualHash {
  const cells = areaAverages(pixels, width, height, columns, rows);
  const words = [0, 0];
  for (let bit = 0; bit < 64; bit++) {
    const cell = Math.floor(bit / 8) * columns + (bit % 8);
    if (cells[cell]! > cells[cell + 1]!) words[bit >> 5]! |= 1 << (31 - (bit & 31));
  }
  return { high: words[0]! >>> 0, low: words[1]! >>> 0 };
}

/** How many of the 64 bits differ. */
export function hammingDistance(a: PerceptualHash, b: PerceptualHash): number {
  return bitCount(a.high ^ b.high) + bitCount(a.low ^ b.low);
}

/** Ones in a 32-bit word, counted in parallel: Warren, Hacker's Delight, figure 5-2. */
function bitCount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  word = (word + (word >>> 4)) & 0x0f0f0f0f;
  return Math.imul(word, 0x01010101) >>> 24;
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
    for (const { from, to, share } of across) narrow[y * toWidth + to]! += share * pixels[y * width + from]!;
  const small = new Float64Array(toHeight * toWidth);
  for (const { from, to, share } of down)
    for (let x = 0; x < toWidth; x++) small[to * toWidth + x]! += share * narrow[from * toWidth + x]!;
  return small;
}

/** Which of `length` pixels falls into which of `cells` equal stretches, and what share of the stretch it fills. */
function shares(length: number, cells: number): { from: number; to: number; share: number }[] {
  const stretch = length / cells;
  const result = [];
  for (let to = 0; to < cells; to++) {
    const [start, end] = [to * stretch, (to + 1) * stretch];
    for (let from = Math.floor(start); from < Math.min(length, Math.ceil(end)); from++) {
      const overlap = Math.min(end, from + 1) - Math.max(start, from);
      if (overlap > 0) result.push({ from, to, share: overlap / stretch });
    }
  }
  return result;
}
