import { expect, test } from 'vitest';
import { randomStream, shuffle } from '../../src/domain/random.ts';

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('equal names give equal streams', () => {
  expect(draws(5, randomStream(1, 2).uniform)).toEqual(draws(5, randomStream(1, 2).uniform));
});

test('streams whose names differ in one number, its place or its count are unrelated', () => {
  const names = [[1], [2], [1, 0], [0, 1], [1, 2], [2, 1], [1 + 2 ** 32]];
  const firsts = names.map((name) => randomStream(...name).uniform());
  expect(new Set(firsts).size).toBe(names.length);
});

test('neighbouring streams are uncorrelated', () => {
  const pairs = Array.from({ length: 4000 }, (_, i) => [
    randomStream(5, i).uniform(),
    randomStream(5, i + 1).uniform(),
  ]);
  const covariance = mean(pairs.map(([a, b]) => (a! - 0.5) * (b! - 0.5)));
  expect(Math.abs(covariance * 12)).toBeLessThan(0.05);
});

test('uniform draws fill the unit interval evenly', () => {
  const counts = new Array<number>(10).fill(0);
  for (const draw of draws(10_000, randomStream(3).uniform)) counts[Math.floor(draw * 10)]!++;
  for (const count of counts) expect(count).toBeGreaterThan(880);
});

test('normal draws have mean 0 and variance 1', () => {
  const values = draws(20_000, randomStream(4).normal);
  expect(mean(values)).toBeCloseTo(0, 1);
  expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
});

test('shuffling keeps every item', () => {
  const items = shuffle(
    Int32Array.from({ length: 50 }, (_, i) => i),
    randomStream(6),
  );
  expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect([...items]).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
});
