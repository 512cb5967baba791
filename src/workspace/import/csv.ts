/**
 * Reads a table of comma-separated values of which one column, Image, holds thousands of numbers. The short
 * fields go to csv-parse; the Image column would cost it more than all the rest of an import together, so its
 * bytes are turned into pixels here, without ever becoming text.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { InputProblem } from '../../domain/problem.ts';
import { count, excerpt, nothingImported } from './words.ts';

export interface CsvRow {
  /** The line the row starts on; the header is row 1. */
  readonly row: number;
  /** The fields in column order; the Image field is empty. */
  readonly fields: readonly string[];
  /** The Image field, when the table has one: values 0 to 255, as many as the first row has. */
  readonly pixels: Uint8Array | undefined;
}

const [newline, carriageReturn, tab, space, quote, comma, zero] = [10, 13, 9, 32, 34, 44, 48];

/** More short text than this in one row means that a quotation mark is never closed, or that this is no table. */
const longestRow = 1 << 20;
/** Pictures larger than this (4096x4096) are not keypoint pictures. */
const mostPixels = 1 << 24;

/**
 * A table whose header has been read and whose rows have not.
 * All its errors are InputProblems that name the file, the row and, where it is known, the column.
 */
export class CsvTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly #splitter: RowSplitter;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #ready: CsvRow[];

  private constructor(
    name: string,
    splitter: RowSplitter,
    chunks: AsyncIterator<Uint8Array>,
    ready: CsvRow[],
  ) {
    this.name = name;
    this.columns = splitter.columns;
    this.#splitter = splitter;
    this.#chunks = chunks;
    this.#ready = ready;
  }

  /** Reads as far as the header. */
  static async open(name: string, bytes: AsyncIterable<Uint8Array>): Promise<CsvTable> {
    const splitter = new RowSplitter(name);
    const chunks = bytes[Symbol.asyncIterator]();
    const ready: CsvRow[] = [];
    try {
      while (splitter.columns.length === 0) {
        const { value, done } = await chunks.next();
        ready.push(...(done ? splitter.end() : splitter.push(value)));
        if (done) break;
      }
    } catch (error) {
      await chunks.return?.();
      throw error;
    }
    return new CsvTable(name, splitter, chunks, ready);
  }

  /** The rows in order, some at a time. Their pixels are the reader's to keep. */
  async *rows(): AsyncGenerator<readonly CsvRow[]> {
    try {
      if (this.#ready.length > 0) yield this.#ready;
      this.#ready = [];
      for (;;) {
        const { value, done } = await this.#chunks.next();
        const rows = done ? this.#splitter.end() : this.#splitter.push(value);
        if (rows.length > 0) yield rows;
        if (done) return;
      }
    } finally {
      await this.close();
    }
  }

  /** Lets go of the file; needed only when the rows are not read. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** Takes bytes in pieces of any size and gives back the rows that they complete. */
class RowSplitter {
  columns: string[] = [];
  readonly #file: string;
  #imageColumn = -1;

  // Where the next byte belongs.
  #line = 1;
  #field = 0;
  #quoted = false;
  #rowLine = 1;

  // The short text of the complete rows of this push, and of the row under way; newlines included.
  #complete: Uint8Array[] = [];
  #open: Uint8Array[] = [];
  #openBytes = 0;
  #rows: { row: number; pixels: Uint8Array | undefined }[] = [];

  // The picture under way.
  #inImage = false;
  #imageQuoted = false;
  #pixels: Uint8Array = new Uint8Array(0);
  #pixelCount = 0;
  #value = -1;
  #rowPixels: Uint8Array | undefined;
  #expectedPixels: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  push(bytes: Uint8Array): CsvRow[] {
    let from = 0;
    let i = 0;
    while (i < bytes.length) {
      if (this.#inImage) {
        from = i = this.#readPixels(bytes, i);
        continue;
      }
      const byte = bytes[i++]!;
      if (byte === newline) this.#line++;
      if (byte === quote) this.#quoted = !this.#quoted;
      if (this.#quoted) continue;
      if (byte === comma) {
        this.#field++;
        if (this.#field === this.#imageColumn) {
          this.#take(bytes.subarray(from, i));
          from = i;
          this.#startImage();
        }
      } else if (byte === newline) {
        this.#take(bytes.subarray(from, i));
        from = i;
        this.#endRow();
      }
    }
    this.#take(bytes.subarray(from));
    return this.#parseRows();
  }

  end(): CsvRow[] {
    if (this.#quoted || this.#imageQuoted)
      throw this.#problem('A quotation mark is never closed.', { row: this.#rowLine });
    if (this.#inImage) this.#endImage(true);
    if (this.#openBytes > 0 || this.#rowPixels) this.#endRow();
    if (this.columns.length === 0)
      throw this.#problem('The file is empty.', { expected: 'a header and rows' });
    return this.#parseRows();
  }

  #take(text: Uint8Array): void {
    if (text.length === 0) return;
    this.#open.push(text);
    this.#openBytes += text.length;
    if (this.#openBytes > longestRow)
      throw this.#problem(`The row has more than ${count(longestRow)} characters beside the picture.`, {
        row: this.#rowLine,
        hint: `Look for a quotation mark that is never closed. ${nothingImported}`,
      });
  }

  #endRow(): void {
    if (this.columns.length === 0) this.#readHeader();
    else {
      this.#complete.push(...this.#open);
      this.#rows.push({ row: this.#rowLine, pixels: this.#rowPixels });
    }
    this.#open = [];
    this.#openBytes = 0;
    this.#rowPixels = undefined;
    this.#rowLine = this.#line;
    this.#field = 0;
    if (this.#imageColumn === 0) this.#startImage();
  }

  #readHeader(): void {
    const text = this.#decode(this.#open).replace(/^\ufeff/, '');
    const columns = (this.#csv(text)[0] ?? []).map((name) => name.trim());
    if (columns.join('') === '')
      throw this.#problem('The header is empty.', { row: 1, expected: 'column names' });
    const twice = columns.find((name, index) => columns.indexOf(name) < index);
    if (twice !== undefined) throw this.#problem('The column occurs twice.', { row: 1, column: twice });
    this.columns = columns;
    this.#imageColumn = columns.indexOf('Image');
  }

  #parseRows(): CsvRow[] {
    if (this.#rows.length === 0) return [];
    const records = this.#csv(this.#decode(this.#complete));
    const rows = this.#rows.map(({ row, pixels }, index) => ({ row, pixels, fields: records[index] ?? [] }));
    this.#rows = [];
    this.#complete = [];
    return rows.filter(({ row, pixels, fields }) => {
      if (fields.length === this.columns.length) return true;
      if (fields.join('') === '' && (pixels?.length ?? 0) === 0 && fields.length <= 1) return false;
      throw this.#problem('The row has the wrong number of fields.', {
        row,
        found: count(fields.length),
        expected: `${count(this.columns.length)}, as in the header`,
      });
    });
  }

  #csv(text: string): string[][] {
    try {
      return parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const row = this.#rows[Number(error['records'])]?.row ?? 1;
      throw this.#problem('The quotation marks do not match.', { row, found: excerpt(error.message) });
    }
  }

  #decode(pieces: readonly Uint8Array[]): string {
    const bytes = Buffer.concat(pieces);
    const firstRow = this.#rows[0]?.row ?? this.#rowLine;
    const rowAt = (text: string) => firstRow + text.split('\n').length - 1;
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      const lossy = bytes.toString('utf8');
      const utf16 = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2)) && firstRow === 1;
      throw this.#encodingProblem(
        utf16 ? 'UTF-16' : 'bytes that are not UTF-8',
        rowAt(lossy.split('\ufffd')[0]!),
      );
    }
    if (text.includes('\0')) throw this.#encodingProblem('a NUL byte', rowAt(text.split('\0')[0]!));
    return text;
  }

  #startImage(): void {
    this.#inImage = true;
    this.#imageQuoted = false;
    this.#pixels = new Uint8Array(this.#expectedPixels ?? 1 << 14);
    this.#pixelCount = 0;
    this.#value = -1;
  }

  /** Turns bytes from `i` on into pixels, up to the end of the field or of the bytes; returns where it stopped. */
  #readPixels(bytes: Uint8Array, i: number): number {
    const end = bytes.length;
    let pixels = this.#pixels;
    let pixelCount = this.#pixelCount;
    let value = this.#value;
    if (value < 0) [i, pixelCount] = readPlainPixels(bytes, i, pixels, pixelCount);
    for (; i < end; i++) {
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
    this.#pixelCount = pixelCount;
    this.#value = value;
    if (i === end) return end;

    const byte = bytes[i];
    if (byte === quote && (this.#imageQuoted || (pixelCount === 0 && value < 0))) {
      this.#imageQuoted = !this.#imageQuoted;
      return i + 1;
    }
    if (this.#imageQuoted || (byte !== comma && byte !== newline)) {
      const rest = Buffer.from(bytes.subarray(i, i + 20)).toString('utf8');
      throw this.#pixelProblem(pixelCount, `${value < 0 ? '' : value}${/^[^\s,"]*/.exec(rest)?.[0] ?? ''}`);
    }
    this.#endImage(byte === newline);
    return i;
  }

  /** Until the first row is complete nobody knows how many pixels there are; later ones are only counted. */
  #grow(pixels: Uint8Array): Uint8Array {
    if (this.#expectedPixels !== undefined) return pixels;
    if (pixels.length >= mostPixels)
      throw this.#problem(`The picture has more than ${count(mostPixels)} pixels.`, {
        row: this.#rowLine,
        column: 'Image',
      });
    const larger = new Uint8Array(2 * pixels.length);
    larger.set(pixels);
    return larger;
  }

  #endImage(isRowsEnd: boolean): void {
    this.#inImage = false;
    const isBlankLine = isRowsEnd && this.#field === 0 && this.#pixelCount === 0 && this.#value < 0;
    if (isBlankLine) return;
    if (this.#value > 255) throw this.#pixelProblem(this.#pixelCount, String(this.#value));
    if (this.#value >= 0) {
      if (this.#pixelCount === this.#pixels.length) this.#pixels = this.#grow(this.#pixels);
      this.#pixels[this.#pixelCount++] = this.#value;
    }
    this.#expectedPixels ??= this.#squareOf(this.#pixelCount);
    if (this.#pixelCount !== this.#expectedPixels) throw this.#wrongPixelCount(this.#expectedPixels);
    this.#rowPixels =
      this.#pixels.length === this.#pixelCount ? this.#pixels : this.#pixels.slice(0, this.#pixelCount);
  }

  /** The first row says how large the pictures are: they are square. */
  #squareOf(pixelCount: number): number {
    const side = Math.round(Math.sqrt(pixelCount));
    if (side * side !== pixelCount || side === 0) throw this.#wrongPixelCount(Math.max(side, 96) ** 2);
    return pixelCount;
  }

  #wrongPixelCount(expected: number): InputProblem {
    const side = Math.sqrt(expected);
    return this.#problem('The picture has the wrong number of pixel values.', {
      row: this.#rowLine,
      column: 'Image',
      found: count(this.#pixelCount),
      expected: `${count(expected)} (${side}x${side})`,
    });
  }

  #pixelProblem(index: number, found: string): InputProblem {
    return this.#problem(`Pixel ${count(index + 1)} of the picture is not valid.`, {
      row: this.#rowLine,
      column: 'Image',
      found: excerpt(found),
      expected: 'a whole number from 0 to 255',
    });
  }

  #encodingProblem(found: string, row: number): InputProblem {
    return this.#problem('The file is not plain text in UTF-8.', {
      row,
      found,
      hint: `Save it as CSV in UTF-8. ${nothingImported}`,
    });
  }

  #problem(summary: string, details: ConstructorParameters<typeof InputProblem>[1]): InputProblem {
    return new InputProblem(summary, { file: this.#file, hint: nothingImported, ...details });
  }
}

/**
 * The quick way for nearly all of a picture: numbers of one to three digits, each followed by one space. Stops, at the
 * start of a number, before whatever is not so.
 * @returns where it stopped, and how many pixels there are now
 */
function readPlainPixels(
  bytes: Uint8Array,
  i: number,
  pixels: Uint8Array,
  pixelCount: number,
): [number, number] {
  const end = bytes.length - 3;
  const room = pixels.length;
  while (i < end && pixelCount < room) {
    let value = bytes[i]! - zero;
    if (value < 0 || value > 9) break;
    let length = 1;
    let byte = bytes[i + 1]!;
    if (byte !== space) {
      if (byte < zero || byte > zero + 9) break;
      value = 10 * value + byte - zero;
      length = 2;
      byte = bytes[i + 2]!;
      if (byte !== space) {
        if (byte < zero || byte > zero + 9 || bytes[i + 3] !== space) break;
        value = 10 * value + byte - zero;
        if (value > 255) break;
        length = 3;
      }
    }
    pixels[pixelCount++] = value;
    i += length + 1;
  }
  return [i, pixelCount];
}
