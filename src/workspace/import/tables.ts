/** The competition's four tables: told apart by their headers, and their rows checked field by field. */
import { InputProblem } from '../../domain/problem.ts';
import type { KeypointSchema } from '../../domain/schema.ts';
import { coordinateColumns } from '../../domain/schema.ts';
import type { CsvRow } from './csv-rows.ts';
import type { CsvTable } from './csv.ts';
import { count, excerpt, nothingImported } from './words.ts';

export type TableKind = 'training' | 'test' | 'lookup' | 'sample-submission';

/** A row with a picture. */
export interface PictureRow {
  readonly row: number;
  readonly pixels: Uint8Array;
  /** The test table's ImageId. */
  readonly key?: string;
  /** The person or scene, where a column names it. */
  readonly group?: string;
  /** The training table's coordinates, [keypoints, 2] in pixels, NaN where the fields are empty. */
  readonly points?: readonly number[];
}

/** A value that a submission must give. */
export interface AskedRow {
  readonly row: number;
  readonly rowId: number;
  readonly imageKey: string;
  readonly keypoint: number;
  readonly axis: 'x' | 'y';
}

/**
 * What kind of table has these columns: undefined when it is none of ours. A table that has some column of a kind but
 * not all of them is of that kind, so that checkColumns can say what is missing.
 */
export function tableKind(columns: readonly string[], schema: KeypointSchema): TableKind | undefined {
  const has = (name: string) => columns.includes(name);
  if (coordinateColumns(schema).some(has)) return 'training';
  if (has('Image')) return 'test';
  if (has('FeatureName')) return 'lookup';
  if (has('RowId')) return has('ImageId') ? 'lookup' : 'sample-submission';
  return has('ImageId') ? 'test' : undefined;
}

/** @throws InputProblem when a column is missing, or is none that the table may have. */
export function checkColumns(
  { name: file, columns }: CsvTable,
  kind: TableKind,
  schema: KeypointSchema,
  groupColumn: string | undefined,
): void {
  const required = {
    training: [...coordinateColumns(schema), 'Image'],
    test: ['ImageId', 'Image'],
    lookup: ['RowId', 'ImageId', 'FeatureName'],
    'sample-submission': ['RowId', 'Location'],
  }[kind];
  const optional = kind === 'lookup' ? ['Location'] : kind === 'sample-submission' ? [] : [groupColumn];
  const table = `a ${kind.replace('-', ' ')} table`;
  for (const column of required)
    if (!columns.includes(column))
      throw new InputProblem('The column is missing.', {
        file,
        row: 1,
        column,
        found: excerpt(columns.join(', ')),
        expected: `${count(required.length)} columns of ${table}`,
        hint: `Add the column. ${nothingImported}`,
      });
  for (const column of columns)
    if (!required.includes(column) && !optional.includes(column))
      throw new InputProblem(`The column is none of those of ${table}.`, {
        file,
        row: 1,
        column,
        hint: `Remove the column, or name it as the group column if it tells who is in the picture. ${nothingImported}`,
      });
}

/** Reads rows of training or test tables. */
export class PictureRows {
  readonly #file: string;
  readonly #schema: KeypointSchema;
  readonly #coordinates: readonly number[];
  readonly #names: readonly string[];
  readonly #key: number;
  readonly #group: number;

  constructor(table: CsvTable, schema: KeypointSchema, groupColumn: string | undefined) {
    this.#file = table.name;
    this.#schema = schema;
    this.#names = coordinateColumns(schema).filter((name) => table.columns.includes(name));
    this.#coordinates = this.#names.map((name) => table.columns.indexOf(name));
    this.#key = table.columns.indexOf('ImageId');
    this.#group = groupColumn === undefined ? -1 : table.columns.indexOf(groupColumn);
  }

  /** @throws InputProblem */
  read({ row, fields, pixels }: CsvRow): PictureRow {
    if (!pixels) throw new Error('A table of pictures without the column Image.');
    const group = fields[this.#group]?.trim();
    return {
      row,
      pixels,
      ...(this.#key < 0 ? {} : { key: this.#readKey(row, fields[this.#key]!) }),
      ...(group ? { group } : {}),
      ...(this.#coordinates.length === 0 ? {} : { points: this.#readPoints(row, fields, pixels) }),
    };
  }

  #readKey(row: number, text: string): string {
    const key = text.trim();
    if (key === '')
      throw this.#problem('The image has no name.', row, 'ImageId', 'an empty field', 'a number, each once');
    return key;
  }

  #readPoints(row: number, fields: readonly string[], pixels: Uint8Array): number[] {
    const side = Math.sqrt(pixels.length);
    const points = this.#coordinates.map((column, i) => {
      const text = fields[column]!;
      return text === '' ? NaN : this.#readCoordinate(row, this.#names[i]!, text, side);
    });
    for (let k = 0; k < this.#schema.keypoints.length; k++) {
      const [x, y] = [points[2 * k]!, points[2 * k + 1]!];
      if (Number.isNaN(x) !== Number.isNaN(y)) {
        const absent = Number.isNaN(x) ? 2 * k : 2 * k + 1;
        throw this.#problem(
          `The keypoint ${this.#schema.keypoints[k]} has one coordinate without the other.`,
          row,
          this.#names[absent]!,
          'an empty field',
          'x and y, or neither',
        );
      }
    }
    return points;
  }

  #readCoordinate(row: number, column: string, text: string, side: number): number {
    const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;
    if (Number.isNaN(value))
      throw this.#problem(
        'The coordinate is not a number.',
        row,
        column,
        excerpt(text),
        'pixels such as 66.03, or an empty field',
      );
    if (value < -side || value > 2 * side)
      throw this.#problem(
        'The coordinate lies more than one picture outside the picture.',
        row,
        column,
        excerpt(text),
        `0 to ${side}`,
      );
    return value;
  }

  #problem(summary: string, row: number, column: string, found: string, expected: string): InputProblem {
    return new InputProblem(summary, {
      file: this.#file,
      row,
      column,
      found,
      expected,
      hint: `Correct the row or leave it out. ${nothingImported}`,
    });
  }
}

/** A reader of a lookup table's rows, which throws InputProblem. */
export function askedRows(
  { name: file, columns }: CsvTable,
  schema: KeypointSchema,
): (csv: CsvRow) => AskedRow {
  const values = new Map(coordinateColumns(schema).map((name, i) => [name, i]));
  const [imageColumn, featureColumn] = [columns.indexOf('ImageId'), columns.indexOf('FeatureName')];
  const rowId = rowIds(file, columns);
  return (csv) => {
    const { row, fields } = csv;
    const feature = fields[featureColumn]!.trim();
    const value = values.get(feature);
    if (value === undefined)
      throw new InputProblem('There is no such keypoint.', {
        file,
        row,
        column: 'FeatureName',
        found: excerpt(feature),
        expected: `a keypoint's name with _x or _y, such as ${schema.keypoints[0]}_x`,
        hint: nothingImported,
      });
    return {
      row,
      rowId: rowId(csv),
      imageKey: fields[imageColumn]!.trim(),
      keypoint: value >> 1,
      axis: value % 2 === 0 ? 'x' : 'y',
    };
  };
}

/** A reader of the RowIds of a lookup table or a submission, which throws InputProblem. */
export function rowIds(file: string, columns: readonly string[]): (csv: CsvRow) => number {
  const column = columns.indexOf('RowId');
  return ({ row, fields }) => {
    const text = fields[column]!.trim();
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value))
      throw new InputProblem('The row has no valid number.', {
        file,
        row,
        column: 'RowId',
        found: excerpt(text),
        expected: 'a whole number, each once',
        hint: nothingImported,
      });
    return value;
  };
}
