import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CsvRow } from '../../../src/workspace/import/csv-rows.ts';
import { CsvTable } from '../../../src/workspace/import/csv.ts';

/** @param pieceSize how many bytes arrive at a time */
async function read(
  content: string | Buffer,
  pieceSize = 7,
): Promise<{ columns: readonly string[]; rows: CsvRow[] }> {
  const bytes = Buffer.from(content as string);
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += pieceSize)
      yield await Promise.resolve(bytes.subarray(i, i + pieceSize));
  }
  const opened = await CsvTable.open('faces.csv', pieces());
  const rows: CsvRow[] = [];
  for await (const some of opened.rows())
    rows.push(...some.map((row) => ({ ...row, pixels: row.pixels?.slice() })));
  return { columns: opened.columns, rows };
}

const pixels = async (content: string | Buffer) => (await read(content)).rows.map((row) => [...row.pixels!]);

describe('a table with a column Image', () => {
  test('gives the short fields as text and the picture as bytes', async () => {
    const { columns, rows } = await read('x,y,Image\n1.5,,0 128 255 7\n');
    expect(columns).toEqual(['x', 'y', 'Image']);
    expect(rows).toEqual([{ row: 2, fields: ['1.5', '', ''], pixels: Uint8Array.of(0, 128, 255, 7) }]);
  });

  test.each([
    ['last', 'x,Image\n5,1 2 3 4\n'],
    ['first', 'Image,x\n1 2 3 4,5\n'],
    ['in the middle', 'x,Image,y\n5,1 2 3 4,6\n'],
    ['in quotation marks', 'x,Image\n5,"1 2 3 4"\n'],
    ['with more spaces than needed', 'x,Image\n5, 1  2 3 4 \n'],
    ['ended by CRLF', 'x,Image\r\n5,1 2 3 4\r\n'],
    ['ended by the end of the file', 'x,Image\n5,1 2 3 4'],
    ['after a byte order mark', '\ufeffx,Image\n5,1 2 3 4\n'],
    ['before blank lines', 'x,Image\n5,1 2 3 4\n\n\n'],
  ])('may have it %s', async (_, content) => {
    expect(await pixels(content)).toEqual([[1, 2, 3, 4]]);
  });

  test('is read alike whatever the size of the pieces that its bytes arrive in', async () => {
    const field = fc.stringMatching(/^[a-z", \n0-9.é]{0,8}$/);
    const picture = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, picture, field), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (faces, pieceSize) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const lines = faces.map(([a, values, b]) => `${quoted(a)},${values.join(' ')},${quoted(b)}`);
          const { rows } = await read(`a,Image,b\n${lines.join('\n')}\n`, pieceSize);
          expect(rows.map(({ fields, pixels }) => [fields[0], [...pixels!], fields[2]])).toEqual(faces);
        },
      ),
    );
  });

  test('is read alike when its pictures are large and every piece ends somewhere within one', async () => {
    const side = 12;
    const gray = fc.integer({ min: 0, max: 255 });
    const picture = fc.array(gray, { minLength: side ** 2, maxLength: side ** 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(picture, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 700 }),
        async (pictures, pieceSize) => {
          const lines = pictures.map((values, i) => `${i},${values.join(' ')}`);
          const { rows } = await read(`a,Image\n${lines.join('\n')}`, pieceSize);
          expect(rows.map(({ pixels }) => [...pixels!])).toEqual(pictures);
        },
      ),
    );
  });

  test('names the line on which a row begins', async () => {
    const { rows } = await read('x,Image\n"two\nlines",1 2 3 4\nb,1 2 3 4\n');
    expect(rows.map(({ row }) => row)).toEqual([2, 4]);
  });

  test('takes the size of its pictures from the first row', async () => {
    expect(await pixels('x,Image\n1,1 2 3 4 5 6 7 8 9\n')).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
  });
});

describe('a table without a column Image is what csv-parse says it is', () => {
  test.each([
    ['with quotation marks', 'RowId,Name\r\n1,"a ""b"""\r\n2,c\r\n'],
    ['without', 'RowId,Name\r\n1,\r\n,c'],
  ])('%s', async (_, content) => {
    const { rows } = await read(content);
    expect(rows.map(({ fields }) => fields)).toEqual((parse(content) as string[][]).slice(1));
  });
});

describe('is refused, naming row and column, when', () => {
  test.each<[string, string | Buffer, object]>([
    [
      'a picture has too few pixels',
      'x,Image\n1,1 2 3 4\n1,1 2 3\n',
      { row: 3, column: 'Image', found: '3', expected: '4 (2x2)' },
    ],
    [
      'a picture has too many pixels',
      'x,Image\n1,1 2 3 4\n1,1 2 3 4 5\n',
      { row: 3, found: '5', expected: '4 (2x2)' },
    ],
    ['the first picture is not square', 'x,Image\n1,1 2 3 4 5\n', { row: 2, found: '5' }],
    ['a picture is empty', 'x,Image\n1,1 2 3 4\n1,\n', { row: 3, found: '0' }],
    ['a pixel is too bright', 'x,Image\n1,1 2 256 4\n', { row: 2, column: 'Image', found: '"256"' }],
    ['the last pixel is too bright', 'x,Image\n1,1 2 3 999\n', { row: 2, column: 'Image', found: '"999"' }],
    ['a pixel is negative', 'x,Image\n1,1 -2 3 4\n', { row: 2, column: 'Image', found: '"-2"' }],
    ['a pixel is fractional', 'x,Image\n1,1 2.5 3 4\n', { row: 2, column: 'Image' }],
    ['a pixel is a word', 'x,Image\n1,1 two 3 4\n', { row: 2, column: 'Image' }],
    ['a field is missing', 'x,y,Image\n1,1 2 3 4\n', { row: 2 }],
    [
      'a field is too much',
      'x,Image\n1,1 2 3 4,5\n',
      { row: 2, found: '3', expected: '2, as in the header' },
    ],
    [
      'decimals have commas',
      'x,Image\n1,5,1 2 3 4\n',
      { row: 2, found: '3', hint: expect.stringContaining('a point, not a comma') as string },
    ],
    ['semicolons separate', 'x;Image\n1,5;1 2 3 4\n', { row: 1, expected: 'commas' }],
    ['tabs separate', 'Image\tx\n1 2 3 4\t1.5\n', { row: 1, expected: 'commas' }],
    ['a quotation mark is never closed', 'x,Image\n1,1 2 3 4\n"2,1 2 3 4\n', { row: 3 }],
    ['quotation marks do not match', 'x,Image\n1,1 2 3 4\na"b"c,1 2 3 4\n', { row: 3 }],
    ['the file is empty', '', { file: 'faces.csv' }],
    [
      'there is no header',
      '1.5,1.5,1 2 3 4\n',
      { row: 1, found: '"1.5"', expected: 'the names of the columns' },
    ],
    ['a column occurs twice', 'x,x,Image\n', { row: 1, column: 'x' }],
    ['it is UTF-16', Buffer.from('\ufeffx,Image\n1,1 2 3 4\n', 'utf16le'), { row: 1, found: 'UTF-16' }],
    ['it holds a NUL byte', 'x,Image\n1,1 2 3 4\n\0,1 2 3 4\n', { row: 3, found: 'a NUL byte' }],
    [
      'it is not UTF-8',
      Buffer.from('x,Image\n1,1 2 3 4\n\xe9,1 2 3 4\n', 'latin1'),
      { row: 3, found: 'bytes that are not UTF-8' },
    ],
  ])('%s', async (_, content, details) => {
    await expect(read(content, 1000)).rejects.toMatchObject({ name: 'InputProblem', details });
  });
});

test('a refusal reads as a sentence', async () => {
  await expect(read('x,Image\n1,1 2 3 4\n1,1 2 3\n')).rejects.toThrow(
    'faces.csv, row 3, column Image: The picture has the wrong number of pixel values. (found 3; expected 4 (2x2)) Nothing was imported.',
  );
});
