/**
 * Bytes to rows. The short fields of many rows become text together; the Image field would cost that way more than all
 * the rest of an import, so its bytes are turned into pixels without ever becoming text.
 */
import { CsvError } from 'csv-parse/sync';
import { InputProblem } from '../../domain/problem.ts';
import { csvRecords } from './csv-records.ts';
import { PictureField } from './picture-field.ts';
import type { PlainPixelReader } from './pixel-kernel.ts';
import { count, excerpt, nothingImported } from './words.ts';

export interface CsvRow {
  /** The line the row starts on; the header is row 1. */
  readonly row: number;
  /** The fields in column order; the Image field is empty. */
  readonly fields: readonly string[];
  /** The Image field, when the table has one: values 0 to 255, as many as the first row has. */
  readonly pixels: Uint8Array | undefined;
}

const [newline, quote, comma] = [10, 34, 44];

/** More short text than this in one row means that a quotation mark is never closed, or that this is no table. */
const longestRow = 1 << 20;

/** Takes bytes in pieces of any size and gives back the rows that they complete. @throws InputProblem */
export class RowSplitter {
  columns: string[] = [];
  readonly #file: string;
  readonly #picture: PictureField;
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
  #rowPixels: Uint8Array | undefined;

  constructor(file: string, readPlainPixels: PlainPixelReader) {
    this.#file = file;
    this.#picture = new PictureField(file, readPlainPixels);
  }

  /** The rows' pixels are overwritten by the next push. */
  push(bytes: Uint8Array): CsvRow[] {
    this.#picture.reuse();
    for (let i = 0; i < bytes.length;)
      i = this.#picture.isOpen ? this.#readPicture(bytes, i) : this.#readText(bytes, i);
    return this.#parseRows();
  }

  end(): CsvRow[] {
    if (this.#quoted || this.#picture.isQuoted)
      throw this.#problem('A quotation mark is never closed.', { row: this.#rowLine });
    if (this.#picture.isOpen) {
      this.#picture.end(true);
      this.#rowPixels = this.#picture.pixels;
    }
    if (this.#openBytes > 0 || this.#rowPixels) this.#endRow();
    if (this.columns.length === 0)
      throw this.#problem('The file is empty.', { expected: 'a header and rows' });
    return this.#parseRows();
  }

  /** @returns where the picture, or the part of it that is there, ends */
  #readPicture(bytes: Uint8Array, i: number): number {
    i = this.#picture.push(bytes, i);
    if (!this.#picture.isOpen) this.#rowPixels = this.#picture.pixels;
    return i;
  }

  /** @returns where the next picture starts, or the bytes end */
  #readText(bytes: Uint8Array, i: number): number {
    let start = i;
    let rowStart = i;
    let quoted = this.#quoted;
    while (i < bytes.length && !this.#picture.isOpen) {
      const byte = bytes[i++]!;
      if (byte === quote) quoted = !quoted;
      else if (byte === newline) {
        this.#line++;
        if (quoted) continue;
        this.#checkLength(i - rowStart);
        if (this.columns.length === 0) {
          this.#open.push(bytes.subarray(start, i));
          start = i;
        }
        this.#endRow();
        rowStart = i;
      } else if (byte === comma && !quoted && ++this.#field === this.#imageColumn)
        this.#picture.start(this.#rowLine, false);
    }
    this.#quoted = quoted;
    this.#checkLength(i - rowStart);
    if (rowStart > start) this.#complete.push(bytes.subarray(start, rowStart));
    this.#open.push(bytes.subarray(rowStart, i));
    this.#openBytes += i - rowStart;
    return i;
  }

  #checkLength(more: number): void {
    if (this.#openBytes + more > longestRow)
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
      if (this.#rowPixels) this.#picture.keep();
    }
    this.#open = [];
    this.#openBytes = 0;
    this.#rowPixels = undefined;
    this.#rowLine = this.#line;
    this.#field = 0;
    if (this.#imageColumn === 0) this.#picture.start(this.#rowLine, true);
  }

  #readHeader(): void {
    const text = this.#decode(this.#open).replace(/^\ufeff/, '');
    const columns = (this.#records(text)[0] ?? []).map((name) => name.trim());
    if (columns.join('') === '')
      throw this.#problem('The header is empty.', { row: 1, expected: 'column names' });
    if (columns.every((name) => /^[-+\d.eE\s]*$/.test(name)))
      throw this.#problem('The first row is no header.', {
        row: 1,
        found: excerpt(columns.find(Boolean)!),
        expected: 'the names of the columns',
        hint: `Add them, as they stand in the competition’s files. ${nothingImported}`,
      });
    this.#checkSeparator(columns);
    const twice = columns.find((name, index) => columns.indexOf(name) < index);
    if (twice !== undefined) throw this.#problem('The column occurs twice.', { row: 1, column: twice });
    this.columns = columns;
    this.#imageColumn = columns.indexOf('Image');
  }

  /** Spreadsheets write other separators where decimals have commas. */
  #checkSeparator([first]: readonly string[]): void {
    const separator = /[;\t]/.exec(first!)?.[0];
    const names = separator === undefined ? [] : first!.split(separator).map((name) => name.trim());
    if (!names.some((name) => ['Image', 'ImageId', 'RowId'].includes(name))) return;
    throw this.#problem(`The fields are separated by ${separator === ';' ? 'semicolons' : 'tabs'}.`, {
      row: 1,
      expected: 'commas',
      hint: `Save it as CSV with commas between fields and points in numbers. ${nothingImported}`,
    });
  }

  #parseRows(): CsvRow[] {
    if (this.#rows.length === 0) return [];
    const records = this.#records(this.#decode(this.#complete));
    const rows: CsvRow[] = [];
    this.#rows.forEach(({ row, pixels }, i) => {
      const fields = records[i] ?? [];
      if (fields.length === this.columns.length) rows.push({ row, fields, pixels });
      else if (fields.length > 1 || fields.join('') !== '' || (pixels?.length ?? 0) > 0)
        throw this.#problem('The row has the wrong number of fields.', {
          row,
          found: count(fields.length),
          expected: `${count(this.columns.length)}, as in the header`,
          ...(fields.length > this.columns.length && {
            hint: `Numbers take a point, not a comma; text with a comma stands in quotation marks. ${nothingImported}`,
          }),
        });
    });
    this.#rows = [];
    this.#complete = [];
    return rows;
  }

  #records(text: string): string[][] {
    try {
      return csvRecords(text);
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
