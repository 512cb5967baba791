import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missing } from '../../../src/domain/label.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import { ana, leftEye, nose, openScratch, visible } from '../scratch.ts';
import {
  contents,
  file,
  folder,
  oneFace,
  table,
  trainingHeader,
  twoAsked,
  twoAskedSample,
  twoTests,
  zip,
} from './fixtures.ts';

const everything = { 'a.csv': twoAskedSample, 'b.csv': twoAsked, 'c.csv': twoTests, 'd.csv': oneFace };

/** A training table of one picture, always the same, with the nose where it is said. */
const noseAt = (place: string) => file('faces.csv', table(trainingHeader, `,,,,${place},10 20 30 40`));

describe('an import', () => {
  test('tells tables by their headers, whatever the files are called', async () => {
    const report = await importArchive(openScratch(), folder(everything));
    expect(report.tables.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['training', 1],
      ['test', 2],
      ['lookup', 3],
      ['sample-submission', 3],
    ]);
  });

  test('takes a folder, an archive or a single table', async () => {
    const directory = folder(everything);
    const archive = file('x.zip', await zip(everything));
    for (const path of [directory, archive, join(directory, 'd.csv')])
      expect((await importArchive(openScratch(), path)).trainingImages).toBe(1);
  });

  test('makes visible labels of coordinates and leaves empty fields missing', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0.25'));
    const [image] = workspace.images.ids();
    expect(workspace.labels.of(image!)).toEqual([missing, missing, visible(1, 0.25)]);
  });

  test('keeps pixels, test images by name, and what a submission must answer', async () => {
    const workspace = openScratch();
    await importArchive(workspace, folder(everything));
    const second = workspace.sources.imagesByKey().get('2')!;
    expect([...workspace.images.pixels(second)]).toEqual([5, 6, 7, 8]);
    expect(workspace.submissions.lookup().at(-1)).toEqual({
      rowId: 3,
      imageKey: '2',
      keypoint: leftEye,
      axis: 'x',
    });
  });

  test('is one change of the journal, by the import', async () => {
    const workspace = openScratch();
    const { importId } = await importArchive(workspace, folder(everything));
    const entries = workspace.history.entries();
    expect(entries).toHaveLength(3);
    expect(new Set(entries.map(({ changeId }) => changeId)).size).toBe(1);
    expect(entries[0]!.actor).toEqual({ kind: 'import', name: String(importId) });
  });

  test('keeps the group that a column names', async () => {
    const workspace = openScratch();
    const path = file('faces.csv', table(`${trainingHeader},person`, '1,1,,,,,10 20 30 40,Ana'));
    await importArchive(workspace, path, { groupColumn: 'person' });
    expect(workspace.sources.rows(1)[0]!.group).toBe('Ana');
  });

  test('records its report', async () => {
    const workspace = openScratch();
    const report = await importArchive(workspace, folder(everything));
    expect(workspace.imports.list()[0]).toMatchObject({ id: report.importId, report });
  });

  test('lists files that are none of the tables', async () => {
    const report = await importArchive(openScratch(), folder({ ...everything, 'README.md': '# Faces\n' }));
    expect(report.ignored).toEqual(['README.md']);
  });

  test('tells how far it is', async () => {
    const stages: string[] = [];
    await importArchive(openScratch(), folder(everything), {
      onProgress: ({ stage, file: name }) => stages.push(`${stage} ${name}`.trim()),
    });
    expect(stages).toEqual(['reading a.csv', 'reading b.csv', 'reading c.csv', 'reading d.csv', 'writing']);
  });

  test('accepts a place slightly outside the picture, and reports it', async () => {
    const report = await importArchive(openScratch(), noseAt('1,2.5'));
    expect(report.outside).toEqual({
      total: 1,
      first: [{ file: 'faces.csv', row: 2, keypoint: 'nose', x: 1, y: 2.5 }],
    });
  });

  test('reports test pictures that are also training pictures', async () => {
    const leaked = table('ImageId,Image', '7,10 20 30 40');
    const report = await importArchive(openScratch(), folder({ 'd.csv': oneFace, 't.csv': leaked }));
    expect(report.testInTraining.first).toEqual([{ file: 't.csv', row: 2, imageKey: '7' }]);
  });
});

describe('the same data again', () => {
  test('adds nothing, and says so', async () => {
    const workspace = openScratch();
    const directory = folder(everything);
    await importArchive(workspace, directory);
    const before = contents(workspace);
    const report = await importArchive(workspace, directory);
    expect(contents(workspace)).toBe(before);
    expect(report).toMatchObject({
      importId: null,
      imagesAdded: 0,
      labels: { added: 0, merged: 0, unchanged: 3 },
    });
  });

  test('adds nothing in another file format or order of columns', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    const turned =
      '\ufeffImage,nose_y,nose_x,left_eye_x,left_eye_y,right_eye_x,right_eye_y\r\n"10 20 30 40",0,1.0,,,,\r\n';
    expect((await importArchive(workspace, file('turned.txt', turned))).importId).toBeNull();
  });

  test('does not undo what people have done since', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    const [imageId] = workspace.images.ids() as [number];
    workspace.journal.apply({ actor: ana, changes: [{ imageId, keypoint: nose, after: missing }] });
    const report = await importArchive(workspace, noseAt('1,0'));
    expect(report.conflicts.total).toBe(0);
    expect(workspace.labels.of(imageId)[nose]).toEqual(missing);
  });

  test('twice within one folder is taken once', async () => {
    const report = await importArchive(openScratch(), folder({ 'a.csv': oneFace, 'b.csv': oneFace }));
    expect(report.tables.map(({ brought }) => brought)).toEqual([true, false]);
    expect(report.trainingImages).toBe(1);
  });
});

describe('labels for a picture that is known', () => {
  test('fill its missing cells', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    const report = await importArchive(workspace, file('b.csv', oneFace.replace('1,1,10', '1,0,10')));
    expect(report.labels).toEqual({ added: 0, merged: 2, unchanged: 1 });
    expect(workspace.labels.of(1)).toEqual([visible(1.5, 0.5), visible(0.5, 0.5), visible(1, 0)]);
  });

  test('never overwrite what a person placed; the conflict is listed', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    workspace.journal.apply({ actor: ana, changes: [{ imageId: 1, keypoint: nose, after: visible(0, 0) }] });
    const report = await importArchive(workspace, noseAt('1,1'));
    expect(workspace.labels.of(1)[nose]).toEqual(visible(0, 0));
    expect(report.conflicts.first).toEqual([
      {
        file: 'faces.csv',
        row: 2,
        keypoint: 'nose',
        kept: visible(0, 0),
        keptFrom: 'human',
        imported: { x: 1, y: 1 },
      },
    ]);
  });

  test('never fill what a person cleared', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    workspace.journal.apply({ actor: ana, changes: [{ imageId: 1, keypoint: nose, after: missing }] });
    const report = await importArchive(workspace, noseAt('1,1'));
    expect(workspace.labels.of(1)[nose]).toEqual(missing);
    expect(report.conflicts.first).toMatchObject([{ kept: missing, keptFrom: 'human' }]);
  });

  test('do not replace those of an earlier import; the conflict is listed', async () => {
    const workspace = openScratch();
    await importArchive(workspace, noseAt('1,0'));
    const report = await importArchive(workspace, noseAt('1,1'));
    expect(workspace.labels.of(1)[nose]).toEqual(visible(1, 0));
    expect(report.conflicts.first).toMatchObject([{ kept: visible(1, 0), keptFrom: 'import' }]);
  });
});

test('one picture with different labels in two rows is two rows of the source, one image, and reported', async () => {
  const workspace = openScratch();
  const rows = [',,,,1,0,10 20 30 40', ',,,,1,1,10 20 30 40'];
  const report = await importArchive(workspace, file('faces.csv', table(trainingHeader, ...rows)));
  expect(workspace.images.count()).toBe(1);
  expect(workspace.sources.rows(1).map(({ points }) => points![5])).toEqual([0, 1]);
  expect(report.disagreements.first).toEqual([
    { file: 'faces.csv', row: 3, sameAs: { file: 'faces.csv', row: 2 } },
  ]);
  expect(report.duplicates.exact).toBe(1);
  expect(workspace.labels.of(1)[nose]).toEqual(visible(1, 0));
});
