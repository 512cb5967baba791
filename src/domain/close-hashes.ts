/** Pairs of 64-bit hashes that differ in few bits, found without comparing all pairs. */

/** The most bits by which a pair may differ: the search below finds all such pairs, and not all with more. */
const closeBits = 7;

/** Hashes, [n] each: the upper and the lower 32 bits. */
export interface Hashes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/**
 * Visits every pair i < j of hashes that differ in at most `closeBits` bits, once, for j from `from` on: hashes before
 * `from` are not compared with each other again.
 *
 * Of four 16-bit bands, seven different bits leave one band with at most one. So each hash looks up, band by band, the
 * hashes that share the band but for one bit. Multi-index hashing: Norouzi, Punjani, Fleet (2012).
 */
export function forEachClosePair(hashes: Hashes, from: number, visit: (i: number, j: number) => void): void {
  const { high, low } = hashes;
  const bands = [0, 1, 2, 3].map((band) => indexBand(hashes, band));
  for (let j = from; j < high.length; j++)
    for (let band = 0; band < 4; band++) {
      const { starts, members } = bands[band]!;
      const value = bandOf(hashes, j, band);
      for (let flip = -1; flip < 16; flip++) {
        const bucket = flip < 0 ? value : value ^ (1 << flip);
        for (let m = starts[bucket]!; m < starts[bucket + 1]! && members[m]! < j; m++) {
          const i = members[m]!;
          const highDifference = high[i]! ^ high[j]!;
          const lowDifference = low[i]! ^ low[j]!;
          if (bitCount(highDifference) + bitCount(lowDifference) > closeBits) continue;
          if (firstSharedBand(highDifference, lowDifference) === band) visit(i, j);
        }
      }
    }
}

/** Hashes by the value of one band: members[starts[value]] up to members[starts[value + 1]], in rising order. */
interface BandIndex {
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}

function indexBand(hashes: Hashes, band: number): BandIndex {
  const count = hashes.high.length;
  const starts = new Uint32Array(2 ** 16 + 1);
  for (let i = 0; i < count; i++) starts[bandOf(hashes, i, band) + 1]!++;
  for (let value = 0; value < 2 ** 16; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const members = new Uint32Array(count);
  for (let i = 0; i < count; i++) members[next[bandOf(hashes, i, band)]!++] = i;
  return { starts, members };
}

function bandOf({ high, low }: Hashes, i: number, band: number): number {
  const word = band < 2 ? high[i]! : low[i]!;
  return band & 1 ? word & 0xffff : word >>> 16;
}

/** The first band with at most one different bit: a pair that several bands find is visited for that one. */
function firstSharedBand(highDifference: number, lowDifference: number): number {
  if (bitCount(highDifference >>> 16) <= 1) return 0;
  if (bitCount(highDifference & 0xffff) <= 1) return 1;
  return bitCount(lowDifference >>> 16) <= 1 ? 2 : 3;
}

/** Ones in a 32-bit word, counted in parallel: Warren, Hacker's Delight, figure 5-2. */
function bitCount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  word = (word + (word >>> 4)) & 0x0f0f0f0f;
  return Math.imul(word, 0x01010101) >>> 24;
}
