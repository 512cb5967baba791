import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRecords } from '../../../src/workspace/import/csv-records.ts';

test('the records of any text without quotation marks are those that csv-parse finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '7', ',', ',', '\n', '\r', '\r\n', ' ', 'é') });
  fc.assert(
    fc.property(text, (short) => {
      const options = { relax_column_count: true, record_delimiter: ['\r\n', '\n'] };
      expect(csvRecords(short)).toEqual(parse(short, options));
    }),
    { numRuns: 500 },
  );
});
