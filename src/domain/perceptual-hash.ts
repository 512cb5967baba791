/** What a picture looks like, in few numbers: for finding near duplicates whatever their size and light. */

/** 64 bits as two unsigned 32-bit integers. */
interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

export interface Look {
  /**
   * dHash 64 (Krawetz, "Kind of Like That", 2013): of the picture in 9 x 8 area averages, each bit tells whether one is
   * brighter than its right neighbour. The first bit (top left) is the highest of `high`.
   */
  readonly hash: PerceptualHash;
  /**
   * 16 x 16 area averages with mean 0 and length 1, so that the dot product of two is their pictures' correlation.
   * All 0 for a picture without any contrast.
   */
  readonly thumbnail: Float32Array;
}

/** @param pixels gray, [height, width] */
export function lookOf(pixels: Uint8Array, width: number, height: number): Look {
  if (plan.width !== width || plan.height !== height) plan = planFor(width, height);
  addUpBands(pixels, plan);
  return { hash: differenceHash(plan), thumbnail: normalizedThumbnail(plan) };
}

/** Of two normalised thumbnails; in [-1, 1]. */
export function correlation(a: Float32Array, b: Float32Array): number {
  // Four sums at a time: a sum has to wait for the one before it.
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 4) {
    first += a[i]! * b[i]!;
    second += a[i + 1]! * b[i + 1]!;
    third += a[i + 2]! * b[i + 2]!;
    fourth += a[i + 3]! * b[i + 3]!;
  }
  return first + second + (third + fourth);
}

const bandCount = 16;

/** What is the same for all pictures of one size, which an import has thousands of, and room to work in. */
interface Plan {
  readonly width: number;
  readonly height: number;
  /** The picture in 16 equal bands of rows, each added up column by column: [16, width], in sixteenths of a gray value. */
  readonly bands: Int32Array;
  readonly bandRows: readonly Stretch[];
  readonly hashColumns: readonly Stretch[];
  readonly thumbnailColumns: readonly Stretch[];
}

let plan = planFor(0, 0);
/** Of the thumbnail under way. */
const cells = new Float64Array(16 * 16);

function planFor(width: number, height: number): Plan {
  return {
    width,
    height,
    bands: new Int32Array(bandCount * width),
    bandRows: stretches(bandCount, height),
    hashColumns: stretches(9, width),
    thumbnailColumns: stretches(16, width),
  };
}

/**
 * A row on the border of two bands counts for each by the share that lies in it. Exact, as all sums of this file are:
 * they are of whole numbers, so cells that look the same are equal.
 */
function addUpBands(pixels: Uint8Array, { width, bands, bandRows }: Plan): void {
  bands.fill(0);
  bandRows.forEach((rows, band) => {
    // Two rows at a time: this touches every pixel, and is half of the work on a picture.
    for (let y = rows.first; y <= rows.last; y += 2) {
      const next = Math.min(y + 1, rows.last);
      addTwoRows(bands, band * width, pixels, width, y, unitsOf(y, rows), next, unitsOf(y + 1, rows));
    }
  });
}

function addTwoRows(
  sums: Int32Array,
  into: number,
  pixels: Uint8Array,
  width: number,
  first: number,
  firstUnits: number,
  second: number,
  secondUnits: number,
): void {
  const [a, b] = [first * width, second * width];
  for (let x = 0; x < width; x++)
    sums[into + x]! += firstUnits * pixels[a + x]! + secondUnits * pixels[b + x]!;
}

function differenceHash({ width, bands, hashColumns }: Plan): PerceptualHash {
  const words = [0, 0];
  for (let y = 0; y < 8; y++) {
    const upper = 2 * y * width;
    let left = 0;
    for (let x = 0; x < 9; x++) {
      const cell = sumOver(bands, upper, hashColumns[x]!) + sumOver(bands, upper + width, hashColumns[x]!);
      const bit = 8 * y + x - 1;
      if (x > 0 && left > cell) words[bit >> 5]! |= 1 << (31 - (bit & 31));
      left = cell;
    }
  }
  return { high: words[0]! >>> 0, low: words[1]! >>> 0 };
}

function normalizedThumbnail({ width, height, bands, thumbnailColumns }: Plan): Float32Array {
  let sum = 0;
  for (let i = 0; i < cells.length; i++)
    sum += cells[i] = sumOver(bands, (i >> 4) * width, thumbnailColumns[i & 15]!) / (width * height);
  const mean = sum / cells.length;
  let square = 0;
  for (let i = 0; i < cells.length; i++) square += (cells[i]! -= mean) * cells[i]!;
  const thumbnail = new Float32Array(cells.length);
  const length = Math.sqrt(square);
  if (length > 0) for (let i = 0; i < cells.length; i++) thumbnail[i] = cells[i]! / length;
  return thumbnail;
}

/** The values `first` to `last` that a cell lies on: all units of the inner ones, fewer of the outermost. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly firstUnits: number;
  readonly innerUnits: number;
  readonly lastUnits: number;
}

/** What of `length` values falls into each of `count` equal cells, in units of 1 / count of a value. */
function stretches(count: number, length: number): Stretch[] {
  return Array.from({ length: count }, (_, cell) => {
    const [start, end] = [cell * length, (cell + 1) * length];
    const [first, last] = [Math.floor(start / count), Math.floor((end - 1) / count)];
    const firstUnits = Math.min(end, (first + 1) * count) - start;
    return { first, last, firstUnits, innerUnits: count, lastUnits: first === last ? 0 : end - last * count };
  });
}

function unitsOf(value: number, { first, last, firstUnits, innerUnits, lastUnits }: Stretch): number {
  if (value > last) return 0;
  if (value === first) return firstUnits;
  return value === last ? lastUnits : innerUnits;
}

function sumOver(values: Int32Array, start: number, over: Stretch): number {
  const last = start + over.last;
  let inner = 0;
  for (let at = start + over.first + 1; at < last; at++) inner += values[at]!;
  return (
    over.firstUnits * values[start + over.first]! + over.innerUnits * inner + over.lastUnits * values[last]!
  );
}
