/** Coarse views of pictures, for telling which are alike. */
import type { InputShape } from '../engine/engine.ts';
import type { Pictures } from './pictures.ts';

/** Where `side` blocks of nearly equal length begin along `length` pixels, and where the last ends. */
function borders(length: number, side: number): number[] {
  return Array.from({ length: side + 1 }, (_, i) => Math.floor((i * length) / side));
}

/**
 * Mean gray value of side x side blocks of each picture.
 * @param pixels [pictures, height, width]; @returns [pictures, side, side]
 */
export function blockMeans(
  pixels: Uint8Array | Uint8ClampedArray,
  { width, height }: InputShape,
  side: number,
): Float32Array {
  const columns = borders(width, side);
  const rows = borders(height, side);
  const pictures = pixels.length / (width * height);
  const means = new Float32Array(pictures * side * side);
  for (let picture = 0, to = 0; picture < pictures; picture++)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++, to++) {
        let sum = 0;
        for (let y = rows[row]!; y < rows[row + 1]!; y++) {
          const line = (picture * height + y) * width;
          for (let x = columns[column]!; x < columns[column + 1]!; x++) sum += pixels[line + x]!;
        }
        means[to] = sum / ((rows[row + 1]! - rows[row]!) * (columns[column + 1]! - columns[column]!));
      }
  return means;
}

/** The same of some pictures of a dataset. @param images positions; @returns [images, side, side] */
export function blockMeansOf(
  { read }: Pictures,
  images: ArrayLike<number>,
  input: InputShape,
  side: number,
): Float32Array {
  const means = new Float32Array(images.length * side ** 2);
  for (let row = 0; row < images.length; row++)
    means.set(blockMeans(read(images[row]!), input, side), row * side ** 2);
  return means;
}

/** Takes the mean out of each row and scales it to length 1, in place; a row of equal values becomes zeros. [rows, length] */
export function standardiseRows(values: Float32Array, length: number): Float32Array {
  for (let start = 0; start < values.length; start += length) {
    let sum = 0;
    for (let i = start; i < start + length; i++) sum += values[i]!;
    const mean = sum / length;
    let squares = 0;
    for (let i = start; i < start + length; i++) squares += (values[i]! - mean) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = start; i < start + length; i++) values[i] = (values[i]! - mean) * scale;
  }
  return values;
}

/** Inner product of `length` values of `a` from `startA` and of `b` from `startB`. */
export function dot(
  a: Float32Array,
  startA: number,
  b: Float32Array,
  startB: number,
  length: number,
): number {
  // Four sums, so that the additions do not wait for one another.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[startA + i]! * b[startB + i]!;
    s1 += a[startA + i + 1]! * b[startB + i + 1]!;
    s2 += a[startA + i + 2]! * b[startB + i + 2]!;
    s3 += a[startA + i + 3]! * b[startB + i + 3]!;
  }
  for (; i < length; i++) s0 += a[startA + i]! * b[startB + i]!;
  return s0 + s1 + s2 + s3;
}
