/** Sources, imports, runs, predictions, submissions: what was put there comes back. */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, openScratch } from './scratch.ts';

function queueRun(workspace: Workspace) {
  const { id: snapshotId } = workspace.snapshots.take();
  return workspace.runs.create({
    ...{ engine: 'onnx', preset: 'lenet5', seed: 7, snapshotId },
    ...{ config: { epochs: 3 }, lineage: { engine: '1.30.0' } },
  });
}

describe('sources', () => {
  function withSource(kind: 'training' | 'test') {
    const workspace = openScratch();
    const sourceId = workspace.sources.add({
      importId: workspace.imports.begin('faces.zip'),
      kind,
      fileName: 'a.csv',
    });
    return { workspace, sourceId, imageId: addPicture(workspace, 1), ...workspace };
  }

  test('keep two rows that give one image different labels', () => {
    const { sources, sourceId, imageId } = withSource('training');
    const rows = [
      { row: 2, imageId, points: Float32Array.of(1, 1, NaN, NaN, 3, 3) },
      { row: 5, imageId, points: Float32Array.of(2, 2, NaN, NaN, 3, 3) },
    ];
    for (const row of rows) sources.addRow(sourceId, row);
    expect(sources.rows(sourceId)).toEqual(rows);
    expect(sources.rowsOf(imageId)).toEqual(rows.map((row) => ({ ...row, sourceId })));
  });

  test('find images by the names of their test tables', () => {
    const { workspace, sources, sourceId, imageId } = withSource('test');
    const other = addPicture(workspace, 2);
    sources.addRow(sourceId, { row: 2, imageId, imageKey: '1', group: 'ana' });
    sources.addRow(sourceId, { row: 3, imageId: other, imageKey: '2' });
    expect(sources.imagesByKey()).toEqual(new Map([['1', imageId], ['2', other]])); // prettier-ignore
    expect(sources.rows(sourceId)[0]).toEqual({ row: 2, imageId, imageKey: '1', group: 'ana' });
  });

  test('say which images stand in tables of a kind', () => {
    const { sources, sourceId, imageId } = withSource('test');
    sources.addRow(sourceId, { row: 2, imageId, imageKey: '1' });
    expect([sources.imageIds('test'), sources.imageIds('training')]).toEqual([new Set([imageId]), new Set()]);
  });
});

test('an import keeps its report', () => {
  const { imports } = openScratch();
  const id = imports.begin('faces.zip');
  expect(imports.list()).toMatchObject([{ id, path: 'faces.zip', report: null }]);
  imports.finish(id, { added: 12 });
  expect(imports.list()).toMatchObject([{ id, report: { added: 12 } }]);
});

describe('runs', () => {
  test('are numbered from 1 and have a folder', () => {
    const workspace = openScratch();
    const runs = [queueRun(workspace), queueRun(workspace)];
    expect(runs.map(({ id }) => id)).toEqual([1, 2]);
    expect(existsSync(workspace.runs.directoryOf(runs[0]!))).toBe(true);
  });

  test('begin as queued, with all that is needed to do them again', () => {
    const workspace = openScratch();
    expect(workspace.runs.get(queueRun(workspace).id)).toMatchObject({
      ...{ status: 'queued', engine: 'onnx', preset: 'lenet5', seed: 7, config: { epochs: 3 } },
      ...{ lineage: { engine: '1.30.0' }, metrics: null, error: null, finishedAt: null },
    });
  });

  test('change only in what an update names', () => {
    const workspace = openScratch();
    const { id } = queueRun(workspace);
    workspace.runs.update(id, { status: 'running' });
    workspace.runs.update(id, { metrics: { rmse: 1.6 }, finishedAt: new Date(5000) });
    workspace.runs.update(id, { error: null, tags: ['good', 'for Ana'], note: 'with 3 px shift' });
    expect(workspace.runs.list()).toMatchObject([
      {
        ...{ id, status: 'running', metrics: { rmse: 1.6 }, finishedAt: new Date(5000), archivedAt: null },
        ...{ tags: ['good', 'for Ana'], note: 'with 3 px shift' },
      },
    ]);
  });

  test('that do not exist cannot be updated', () => {
    expect(() => {
      openScratch().runs.update(9, { status: 'failed' });
    }).toThrow('There is no run 9.');
  });
});

describe('a run that is deleted', () => {
  function withTraces() {
    const workspace = openScratch();
    const imageId = addPicture(workspace, 1);
    const run = queueRun(workspace);
    const other = queueRun(workspace);
    for (const { id } of [run, other]) workspace.predictions.put(id, [imageId], new Float32Array(6));
    workspace.submissions.record({
      ...{ runId: run.id, snapshotId: run.snapshotId, path: '/s.csv', sha256: 'ab', rows: 2, clipped: 0 },
    });
    writeFileSync(join(workspace.runs.directoryOf(run), 'last.safetensors'), 'parameters');
    return { workspace, run, other };
  }
  const folders = ({ directory }: Workspace) => readdirSync(join(directory, 'runs')).sort();

  test('goes with its predictions, submissions and files, and leaves the others alone', () => {
    const { workspace, run, other } = withTraces();
    expect(workspace.runs.recordsOf(run.id)).toEqual({ predictions: 1, submissions: [1], labels: 0 });
    workspace.runs.delete([run.id]);
    expect(workspace.runs.list().map(({ id }) => id)).toEqual([other.id]);
    expect(workspace.submissions.list()).toEqual([]);
    expect(workspace.runs.recordsOf(other.id).predictions).toBe(1);
    expect(folders(workspace)).toEqual([String(other.id)]);
    expect(queueRun(workspace).id).toBe(3);
  });

  test('is whole again when the process ended before the database knew', () => {
    const { workspace, run } = withTraces();
    const folder = workspace.runs.directoryOf(run);
    renameSync(folder, `${folder}.deleted`);
    workspace.close();
    const reopened = openScratch(workspace.directory);
    expect(folders(reopened)).toEqual(['1', '2']);
    expect(existsSync(join(folder, 'last.safetensors'))).toBe(true);
  });

  test('is gone altogether when the process ended before its files were', () => {
    const { workspace, run } = withTraces();
    const folder = workspace.runs.directoryOf(run);
    workspace.runs.delete([run.id]);
    mkdirSync(`${folder}.deleted`);
    workspace.close();
    expect(folders(openScratch(workspace.directory))).toEqual(['2']);
  });

  test('by someone who may not write keeps its files', () => {
    const { workspace } = withTraces();
    workspace.close();
    const reader = Workspace.openReadOnly(workspace.directory);
    expect(() => reader.runs.delete([1])).toThrow('readonly');
    expect(folders(reader)).toEqual(['1', '2']);
    expect(reader.runs.recordsOf(1).predictions).toBe(1);
    reader.close();
  });
});

describe('predictions', () => {
  test('come back for the images asked for, NaN where there is none', () => {
    const workspace = openScratch();
    const [first, second, third] = [1, 2, 3].map((number) => addPicture(workspace, number)) as [
      number,
      number,
      number,
    ];
    const { id } = queueRun(workspace);
    workspace.predictions.put(
      id,
      [first, second],
      Float32Array.from({ length: 12 }, (_, i) => i),
    );
    expect([...workspace.predictions.points(id, [second, third])]).toEqual([
      ...[6, 7, 8, 9, 10, 11],
      ...new Array<number>(6).fill(NaN),
    ]);
  });

  test('of a run replace what it said before', () => {
    const workspace = openScratch();
    const imageId = addPicture(workspace, 1);
    const { id } = queueRun(workspace);
    workspace.predictions.put(id, [imageId], new Float32Array(6).fill(1));
    workspace.predictions.put(id, [imageId], new Float32Array(6).fill(2));
    expect([...workspace.predictions.points(id, [imageId])]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('must be as many as the images and the keypoints', () => {
    const { predictions } = openScratch();
    expect(() => {
      predictions.put(1, [1], new Float32Array(30));
    }).toThrow('30 coordinates for 1 images: 6 each');
  });
});

describe('submissions', () => {
  test('answer what was asked for last, in the table’s order', () => {
    const { submissions } = openScratch();
    const asked = (rowId: number) => ({ rowId, imageKey: '1', keypoint: 2, axis: 'x' }) as const;
    submissions.setLookup([asked(1), asked(2)]);
    submissions.setLookup([asked(9), asked(3)]);
    expect(submissions.lookup()).toEqual([asked(9), asked(3)]);
  });

  test('are recorded with the run and the snapshot that they came from', () => {
    const workspace = openScratch();
    const { id: runId, snapshotId } = queueRun(workspace);
    const written = { runId, snapshotId, path: 'out.csv', sha256: 'ab12', rows: 27124, clipped: 3 };
    const recorded = workspace.submissions.record(written);
    expect(workspace.submissions.list()).toEqual([recorded]);
    expect(recorded).toMatchObject(written);
  });

  test('keep the score that a person typed in, until it is taken back', () => {
    const workspace = openScratch();
    const { id: runId, snapshotId } = queueRun(workspace);
    const { submissions } = workspace;
    const { id } = submissions.record({
      runId,
      snapshotId,
      path: 'out.csv',
      sha256: 'ab12',
      rows: 2,
      clipped: 0,
    });
    expect(submissions.setScore(id, 1.52)).toBe(true);
    expect(submissions.list()[0]!.score).toBe(1.52);
    submissions.setScore(id, null);
    expect(submissions.list()[0]!.score).toBeNull();
    expect(submissions.setScore(77, 1)).toBe(false);
  });
});
