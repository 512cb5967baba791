import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainPixelReader } from '../../../src/workspace/import/pixel-kernel.ts';

const readPlainPixels = await plainPixelReader();

/** What is read of a text that has room for as many pixels, and the text that is left. */
function read(text: string, room: number, from = 0): { pixels: number[]; left: string } {
  const pixels = new Uint8Array(room);
  const [stop, count] = readPlainPixels(Buffer.from(text), from, pixels, 0);
  return { pixels: [...pixels.subarray(0, count)], left: text.slice(stop) };
}

const grays = (length: number) => fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length });
const plain = '7 42 199 0 255 '.repeat(40);

test('numbers become pixels, nearly all of them, and the rest is left from the start of a number on', () => {
  fc.assert(
    fc.property(grays(40), fc.integer({ min: 0, max: 9 }), (values, from) => {
      const text = `${'9'.repeat(from)}${values.join(' ')} `;
      const { pixels, left } = read(text, values.length, from);
      expect([...pixels, ...left.trim().split(' ').map(Number)]).toEqual(values);
      expect(left.length).toBeLessThan(4 * 40);
    }),
  );
});

test('a text of more than one piece of memory is read in one go', () => {
  const text = '8 77 201 '.repeat(30_000);
  const { pixels, left } = read(text, 90_000);
  expect(left.length).toBeLessThan(4 * 40);
  expect(pixels.every((pixel, i) => pixel === [8, 77, 201][i % 3])).toBe(true);
});

test('no more pixels are read than there is room for', () => {
  const { pixels } = read(plain, 100);
  expect(pixels).toEqual(
    Array.from({ length: 100 }, (_, i) => [7, 42, 199, 0, 255][i % 5]).slice(0, pixels.length),
  );
  expect(pixels.length).toBeGreaterThan(60);
});

test('pixels are added after those that are there', () => {
  const pixels = new Uint8Array(150).fill(1);
  const [, count] = readPlainPixels(Buffer.from(plain), 0, pixels, 5);
  expect([...pixels.subarray(0, 8)]).toEqual([1, 1, 1, 1, 1, 7, 42, 199]);
  expect(count).toBeGreaterThan(100);
});

describe('reading stops before', () => {
  test.each([
    ['a number above 255', '256 '],
    ['a number of four digits', '0012 '],
    ['a second space', ' 12 '],
    ['a line break', '12\n'],
    ['a comma', '12,'],
    ['a letter', '1x2 '],
    ['a sign', '-1 '],
    ['a byte above 127', '1é '],
  ])('%s', (_, odd) => {
    const before = plain.slice(0, 150);
    const { pixels, left } = read(`${before}${odd}${plain}`, 1000);
    const values = before.trim().split(' ').map(Number);
    expect(pixels).toEqual(values.slice(0, pixels.length));
    expect(left.endsWith(`${odd}${plain}`)).toBe(true);
  });
});
