/** The first half of an import: every table is read and checked, and nothing is written to the workspace. */
import { InputProblem } from '../../domain/problem.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import type { Fingerprint } from '../images.ts';
import { fingerprint } from '../images.ts';
import type { CsvRow } from './csv-rows.ts';
import { CsvTable } from './csv.ts';
import type { InputFile } from './files.ts';
import { inputFiles } from './files.ts';
import type { ImportReport } from './report.ts';
import { list } from './report.ts';
import type { ScratchFile } from './scratch.ts';
import type { AskedRow, PictureRow, TableKind } from './tables.ts';
import { askedRows, checkColumns, PictureRows, rowIds, tableKind } from './tables.ts';
import { count, excerpt, nothingImported } from './words.ts';

/** A picture row whose pixels wait in the scratch file. */
export interface StagedRow extends Omit<PictureRow, 'pixels'> {
  readonly pixelsAt: number;
  readonly fingerprint: Fingerprint;
}

export interface PictureTable {
  readonly kind: 'training' | 'test';
  readonly file: string;
  /** Width and height of its pictures. */
  readonly side: number;
  readonly rows: readonly StagedRow[];
}

export interface LookupTable {
  readonly kind: 'lookup';
  readonly file: string;
  readonly rows: readonly AskedRow[];
}

interface SampleSubmission {
  readonly kind: 'sample-submission';
  readonly file: string;
  readonly rows: readonly { readonly row: number; readonly rowId: number }[];
}

export type ReadTable = PictureTable | LookupTable | SampleSubmission;

export interface ReadOptions {
  /** What errors call the path. */
  readonly shownAs: string;
  readonly schema: KeypointSchema;
  readonly groupColumn: string | undefined;
  readonly scratch: ScratchFile;
  readonly report: ImportReport;
  readonly signal: AbortSignal | undefined;
  /** Told now and then what is being read. */
  readonly onRows: (file: string, rows: number, share: number) => void;
}

/** What the competition calls its tables: such a file is not left out unasked. */
const tableName = /(^|[\\/ ])(training|test|IdLookupTable|SampleSubmission)\.csv$/i;

/** @throws InputProblem; the signal's reason when it is aborted */
export async function readTables(path: string, options: ReadOptions): Promise<ReadTable[]> {
  const tables: ReadTable[] = [];
  for await (const file of inputFiles(path)) {
    const read = await readTable(file, options);
    if (read) tables.push(read);
    else options.report.ignored.push(file.name);
  }
  if (tables.length === 0) throw nothingRecognised(options.shownAs, options.report.ignored);
  return tables;
}

async function readTable(file: InputFile, options: ReadOptions): Promise<ReadTable | undefined> {
  const { schema, groupColumn } = options;
  const bytes = new Tally(file.read(), file.size);
  const table = await openTable(file, bytes);
  const kind = table && tableKind(table.columns, schema);
  if (!kind) {
    await table?.close();
    if (table && tableName.test(file.name)) throw unlikeItsName(table);
    return undefined;
  }
  checkColumns(table, kind, schema, groupColumn);
  const rows = watched(table, bytes, options);
  const read = await readRows(kind, table, rows, options);
  if (read.rows.length === 0)
    throw new InputProblem('The table has a header but no rows.', { file: file.name, hint: nothingImported });
  return read;
}

/** A file that is not called a table and cannot be read as one is simply something else. */
async function openTable(file: InputFile, bytes: AsyncIterable<Uint8Array>): Promise<CsvTable | undefined> {
  try {
    return await CsvTable.open(file.name, bytes);
  } catch (error) {
    if (error instanceof InputProblem && !/\.csv$/i.test(file.name)) return undefined;
    throw error;
  }
}

/** Counts the bytes that pass. */
class Tally {
  #passed = 0;
  readonly #bytes: AsyncIterable<Uint8Array>;
  readonly #size: number;

  constructor(bytes: AsyncIterable<Uint8Array>, size: number) {
    this.#bytes = bytes;
    this.#size = size;
  }

  /** Of the file, 0 to 1. */
  get share(): number {
    return this.#passed / this.#size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#bytes) {
      this.#passed += chunk.length;
      yield chunk;
    }
  }
}

async function* watched(
  table: CsvTable,
  bytes: Tally,
  { signal, onRows }: ReadOptions,
): AsyncGenerator<readonly CsvRow[]> {
  let rows = 0;
  for await (const batch of table.rows()) {
    signal?.throwIfAborted();
    yield batch;
    rows += batch.length;
    onRows(table.name, rows, bytes.share);
  }
}

async function readRows(
  kind: TableKind,
  table: CsvTable,
  batches: AsyncIterable<readonly CsvRow[]>,
  options: ReadOptions,
): Promise<ReadTable> {
  switch (kind) {
    case 'training':
    case 'test':
      return { kind, ...(await stagePictures(table, batches, options)) };
    case 'lookup': {
      const rows = await collect(batches, askedRows(table, options.schema));
      refuseTwice(table.name, 'RowId', rows, (row) => row.rowId);
      return { kind, file: table.name, rows };
    }
    case 'sample-submission': {
      const rowId = rowIds(table.name, table.columns);
      const rows = await collect(batches, (csv) => ({ row: csv.row, rowId: rowId(csv) }));
      return { kind, file: table.name, rows };
    }
  }
}

async function stagePictures(
  table: CsvTable,
  batches: AsyncIterable<readonly CsvRow[]>,
  { schema, groupColumn, scratch, report }: ReadOptions,
): Promise<Omit<PictureTable, 'kind'>> {
  const reader = new PictureRows(table, schema, groupColumn);
  const staged: StagedRow[] = [];
  let side = 0;
  for await (const batch of batches) {
    const rows = batch.map((csv) => reader.read(csv));
    side = Math.sqrt(rows[0]!.pixels.length);
    let pixelsAt = await scratch.append(rows.map(({ pixels }) => pixels));
    for (const { pixels, ...row } of rows) {
      staged.push({ ...row, pixelsAt, fingerprint: fingerprint({ width: side, height: side, pixels }) });
      pixelsAt += pixels.length;
      reportOutside(report, table.name, row, side, schema);
    }
  }
  await scratch.flush();
  refuseTwice(table.name, 'ImageId', staged, ({ key }) => key);
  return { file: table.name, side, rows: staged };
}

/** A picture's area reaches half a pixel beyond the centres of its outermost pixels. */
function reportOutside(
  report: ImportReport,
  file: string,
  { row, points }: Omit<PictureRow, 'pixels'>,
  side: number,
  schema: KeypointSchema,
): void {
  if (!points) return;
  const outside = (value: number) => value < -0.5 || value > side - 0.5;
  schema.keypoints.forEach((keypoint, k) => {
    const [x, y] = [points[2 * k]!, points[2 * k + 1]!];
    if (outside(x) || outside(y)) list(report.outside, { file, row, keypoint, x, y });
  });
}

async function collect<T>(
  batches: AsyncIterable<readonly CsvRow[]>,
  read: (csv: CsvRow) => T,
): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const batch of batches) for (const csv of batch) rows.push(read(csv));
  return rows;
}

function refuseTwice<T extends { readonly row: number }>(
  file: string,
  column: string,
  rows: readonly T[],
  name: (row: T) => string | number | undefined,
): void {
  const seen = new Map<string | number, number>();
  for (const row of rows) {
    const key = name(row);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined)
      throw new InputProblem(`The ${column} occurs twice.`, {
        file,
        row: row.row,
        column,
        found: `${excerpt(String(key))}, which is in row ${count(first)} too`,
        expected: `every ${column} once`,
        hint: nothingImported,
      });
    seen.set(key, row.row);
  }
}

function unlikeItsName({ name, columns }: CsvTable): InputProblem {
  return new InputProblem('The header is that of no table of the competition.', {
    file: name,
    row: 1,
    found: excerpt(columns.join(',')),
    expected: 'the competition’s columns',
    hint: `Put it right, or give the file another name to leave it out. ${nothingImported}`,
  });
}

function nothingRecognised(path: string, ignored: readonly string[]): InputProblem {
  const claimsZip = /\.zip$/i.test(path) && ignored.length === 1 && !ignored[0]!.includes(' > ');
  return new InputProblem(
    claimsZip ? 'This is not a zip archive.' : 'There is none of the competition’s tables here.',
    {
      file: path,
      found: ignored.length === 0 ? 'no files' : excerpt(ignored.join(', ')),
      expected: 'training, test or lookup tables as CSV, or zip archives of them',
      hint: `${claimsZip ? 'Download it again.' : 'Check the path and the headers.'} ${nothingImported}`,
    },
  );
}
