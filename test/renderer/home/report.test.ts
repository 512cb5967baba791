import { describe, expect, test } from 'vitest';
import type { ImportReport } from '../../../src/contract/imports.ts';
import { figures, headline, remarks } from '../../../src/renderer/home/report.ts';

const nothing = { total: 0, first: [] };

const report = (change: Partial<ImportReport> = {}): ImportReport => ({
  path: '/data/faces.zip',
  importId: 1,
  tables: [],
  ignored: [],
  trainingImages: 3320,
  testImages: 912,
  imagesAdded: 4232,
  labels: { added: 40_000, merged: 0, unchanged: 0 },
  conflicts: nothing,
  outside: nothing,
  disagreements: nothing,
  testInTraining: nothing,
  duplicates: { exact: 12, nearGroups: 40 },
  askedValues: 0,
  rows: 4244,
  seconds: 4.13,
  rowsPerSecond: 1000,
  ...change,
});

describe('the headline of an import', () => {
  test('says how much, how fast, and what occurs twice', () => {
    expect(headline(report())).toBe(
      'Imported 3,320 training images and 912 test images in 4.1 s. 12 images occur twice.',
    );
  });

  test('leaves out what there is none of', () => {
    const few = report({ trainingImages: 1, testImages: 0, duplicates: { exact: 0, nearGroups: 0 } });
    expect(headline(few)).toBe('Imported 1 training image in 4.1 s.');
  });

  test('does not call imported what was there and was left as it was', () => {
    const kept = report({ imagesAdded: 0, labels: { added: 0, merged: 0, unchanged: 890 } });
    expect(headline(kept)).toBe(
      'Nothing was added: its images were in the workspace already, with labels for what it labels (4.1 s).',
    );
  });

  test('says when nothing was new', () => {
    expect(headline(report({ importId: null }))).toBe(
      'Nothing new: all of it was in the workspace already (4.1 s).',
    );
  });
});

test('the figures are those that are not nought', () => {
  expect(figures(report())).toEqual([
    ['images new', 4232],
    ['labels on new images', 40_000],
    ['groups of near duplicates', 40],
  ]);
});

describe('what a person should know of an import', () => {
  test('is nothing where nothing was odd', () => {
    expect(remarks(report())).toEqual([]);
  });

  test('is said with what it means and where it was found', () => {
    const first = [{ file: 'faces.zip > training.csv', row: 1205, keypoint: 'nose_tip', keptFrom: 'human' }];
    const [conflicts] = remarks(report({ conflicts: { total: 1, first } }));
    expect(conflicts).toMatchObject({
      text: '1 label kept though the file says otherwise',
      rows: [['training.csv', '1,205', 'nose_tip', 'human']],
      total: 1,
    });
    expect(conflicts!.columns).toHaveLength(conflicts!.rows[0]!.length);
  });

  test('names files that were left out', () => {
    expect(remarks(report({ ignored: ['a.txt', 'b.txt'] }))[0]).toMatchObject({
      text: '2 files were left out',
      rows: [['a.txt'], ['b.txt']],
    });
  });
});
