/** Random numbers that a seed and a purpose determine, so that nothing about a stream needs to be stored. */

/** Uniform, normal and integer draws from one stream. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1 (Box-Muller). */
  normal(): number;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
}

/**
 * A stream (sfc32) named by numbers: `randomStream(seed, purpose, epoch, sample)`.
 * Equal names give equal streams; different names give independent ones.
 */
export function randomStream(...name: number[]): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, name.length | 0];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (const part of name) {
    a ^= part | 0;
    b ^= Math.floor(part / 2 ** 32) | 0;
    for (let round = 0; round < 12; round++) next();
  }
  const uniform = () => next() / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (limit) => Math.floor(uniform() * limit),
  };
}

/** Fisher-Yates, in place. */
export function shuffle<T extends { length: number; [index: number]: number }>(items: T, random: Random): T {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const kept = items[last]!;
    items[last] = items[other]!;
    items[other] = kept;
  }
  return items;
}
