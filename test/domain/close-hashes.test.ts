import { describe, expect, test } from 'vitest';
import type { Hashes } from '../../src/domain/close-hashes.ts';
import { forEachClosePair } from '../../src/domain/close-hashes.ts';
import { randomStream } from '../../src/domain/random.ts';

/** Hashes in families: each is one of few random ones with up to 11 bits flipped. */
function familiesOfHashes(count: number): Hashes {
  const random = randomStream(1);
  const word = () => random.integer(2 ** 32);
  const ancestors = Array.from({ length: count / 20 }, () => [word(), word()]);
  const hashes = { high: new Uint32Array(count), low: new Uint32Array(count) };
  for (let i = 0; i < count; i++) {
    const words = [...ancestors[random.integer(ancestors.length)]!];
    for (let flips = random.integer(12); flips > 0; flips--)
      words[random.integer(2)]! ^= 1 << random.integer(32);
    [hashes.high[i], hashes.low[i]] = [words[0]!, words[1]!];
  }
  return hashes;
}

function ones(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}

/** By comparing every pair. */
function closePairs({ high, low }: Hashes, from: number): string[] {
  const pairs = [];
  for (let j = from; j < high.length; j++)
    for (let i = 0; i < j; i++)
      if (ones(high[i]! ^ high[j]!) + ones(low[i]! ^ low[j]!) <= 7) pairs.push(`${i}-${j}`);
  return pairs;
}

function visitedPairs(hashes: Hashes, from: number): string[] {
  const pairs: string[] = [];
  forEachClosePair(hashes, from, (i, j) => pairs.push(`${i}-${j}`));
  return pairs;
}

describe('forEachClosePair', () => {
  const hashes = familiesOfHashes(600);

  test('visits exactly the pairs that differ in at most 7 bits, each once', () => {
    const expected = closePairs(hashes, 0);
    expect(expected.length).toBeGreaterThan(500);
    expect(visitedPairs(hashes, 0).sort()).toEqual(expected.sort());
  });

  test('does not compare earlier hashes with each other again', () => {
    expect(visitedPairs(hashes, 500).sort()).toEqual(closePairs(hashes, 500).sort());
  });
});
