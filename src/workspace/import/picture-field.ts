/** The field of a row that holds its picture: gray values as whole numbers, divided by spaces. */
import { InputProblem } from '../../domain/problem.ts';
import type { PlainPixelReader } from './pixel-kernel.ts';
import { count, excerpt, nothingImported } from './words.ts';

const [tab, newline, carriageReturn, space, quote, comma, zero] = [9, 10, 13, 32, 34, 44, 48];

/** Pictures larger than this (4096x4096) are not keypoint pictures. */
const mostPixels = 1 << 24;

/** Takes the bytes of one picture after the other. Its errors are InputProblems. */
export class PictureField {
  readonly #file: string;
  readonly #readPlainPixels: PlainPixelReader;
  /** Those that are kept, then the one under way, then room for more. */
  readonly #pictures: (Uint8Array | undefined)[] = [];
  #kept = 0;
  /** How many pixels the first picture had. */
  #expected: number | undefined;

  // The picture under way.
  #isOpen = false;
  #isQuoted = false;
  #row = 0;
  #isFirstField = false;
  #pixels: Uint8Array = new Uint8Array(0);
  #count = 0;
  /** Of the digits since the last space; -1 where there were none. */
  #value = -1;
  #finished: Uint8Array | undefined;

  constructor(file: string, readPlainPixels: PlainPixelReader) {
    this.#file = file;
    this.#readPlainPixels = readPlainPixels;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isQuoted(): boolean {
    return this.#isQuoted;
  }

  /** The picture that ended last; undefined where the field was a blank line. The next one overwrites it unless it is kept. */
  get pixels(): Uint8Array | undefined {
    return this.#finished;
  }

  /** Keeps the picture that ended last until reuse(). */
  keep(): void {
    this.#kept++;
  }

  /** Lets the next pictures overwrite those that were kept. */
  reuse(): void {
    const pictures = this.#pictures;
    [pictures[0], pictures[this.#kept]] = [pictures[this.#kept], pictures[0]];
    this.#kept = 0;
  }

  /** @param isFirstField whether nothing stands before it, so that an empty line may be no row at all */
  start(row: number, isFirstField: boolean): void {
    this.#isOpen = true;
    this.#row = row;
    this.#isFirstField = isFirstField;
    this.#pixels = this.#pictures[this.#kept] ??= new Uint8Array(this.#expected ?? 1 << 14);
    this.#count = 0;
    this.#value = -1;
  }

  /**
   * Turns bytes from `i` on into pixels, up to the end of the field or of the bytes. The comma or newline that ends
   * the field is not taken. @returns where it stopped
   */
  push(bytes: Uint8Array, i: number): number {
    const end = bytes.length;
    let pixels = this.#pixels;
    let pixelCount = this.#count;
    let value = this.#value;
    let isPlainRead = false;
    for (; i < end; i++) {
      if (value < 0 && !isPlainRead) {
        [i, pixelCount] = this.#readPlainPixels(bytes, i, pixels, pixelCount);
        isPlainRead = true;
        if (i === end) break;
      }
      const byte = bytes[i]!;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9) {
        value = value < 0 ? digit : value * 10 + digit;
      } else if (byte === space || byte === carriageReturn || byte === tab) {
        if (value < 0) continue;
        if (value > 255) throw this.#pixelProblem(pixelCount, String(value));
        if (pixelCount === pixels.length) pixels = this.#grow(pixels);
        pixels[pixelCount++] = value;
        value = -1;
      } else break;
    }
    this.#pixels = pixels;
    this.#count = pixelCount;
    this.#value = value;
    if (i === end) return end;

    const byte = bytes[i];
    if (byte === quote && (this.#isQuoted || (pixelCount === 0 && value < 0))) {
      this.#isQuoted = !this.#isQuoted;
      return i + 1;
    }
    if (this.#isQuoted || (byte !== comma && byte !== newline)) {
      const rest = Buffer.from(bytes.subarray(i, i + 20)).toString('utf8');
      throw this.#pixelProblem(pixelCount, `${value < 0 ? '' : value}${/^[^\s,"]*/.exec(rest)?.[0] ?? ''}`);
    }
    this.end(byte === newline);
    return i;
  }

  /** @param isRowsEnd whether the row ends with the field */
  end(isRowsEnd: boolean): void {
    this.#isOpen = false;
    this.#finished = undefined;
    const isBlankLine = isRowsEnd && this.#isFirstField && this.#count === 0 && this.#value < 0;
    if (isBlankLine) return;
    if (this.#value > 255) throw this.#pixelProblem(this.#count, String(this.#value));
    if (this.#value >= 0) {
      if (this.#count === this.#pixels.length) this.#pixels = this.#grow(this.#pixels);
      this.#pixels[this.#count++] = this.#value;
    }
    this.#expected ??= this.#squareOf(this.#count);
    if (this.#count !== this.#expected) throw this.#wrongPixelCount(this.#expected);
    this.#finished = this.#pixels.subarray(0, this.#count);
  }

  /** Until the first picture is complete nobody knows how many pixels there are; in later ones more are only counted. */
  #grow(pixels: Uint8Array): Uint8Array {
    if (this.#expected !== undefined) return pixels;
    if (pixels.length >= mostPixels)
      throw this.#problem(`The picture has more than ${count(mostPixels)} pixels.`);
    const larger = new Uint8Array(2 * pixels.length);
    larger.set(pixels);
    this.#pictures[this.#kept] = larger;
    return larger;
  }

  /** The first picture says how large they all are: they are square. */
  #squareOf(pixelCount: number): number {
    const side = Math.round(Math.sqrt(pixelCount));
    if (side * side !== pixelCount || side === 0) throw this.#wrongPixelCount(Math.max(side, 96) ** 2);
    return pixelCount;
  }

  #wrongPixelCount(expected: number): InputProblem {
    const side = Math.sqrt(expected);
    return this.#problem('The picture has the wrong number of pixel values.', {
      found: count(this.#count),
      expected: `${count(expected)} (${side}x${side})`,
    });
  }

  #pixelProblem(index: number, found: string): InputProblem {
    return this.#problem(`Pixel ${count(index + 1)} of the picture is not valid.`, {
      found: excerpt(found),
      expected: 'a whole number from 0 to 255',
    });
  }

  #problem(summary: string, details: { found?: string; expected?: string } = {}): InputProblem {
    return new InputProblem(summary, {
      file: this.#file,
      row: this.#row,
      column: 'Image',
      ...details,
      hint: nothingImported,
    });
  }
}
