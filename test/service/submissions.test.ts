/** Submissions before and after they are written: a workspace that asks for the nose of test image 1 and the x of the left eye of 2. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importArchive } from '../../src/workspace/import/import.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { folder, twoAsked, twoTests } from '../workspace/import/fixtures.ts';
import { addPicture, openScratch, scratchDirectory } from '../workspace/scratch.ts';
import { change, openScratchService, visible } from './scratch-service.ts';

/** A finished run for each list of places: nose x and y of image 1, left eye x of image 2. */
async function submitting(...runs: [number, number, number][]) {
  const directory = scratchDirectory();
  const workspace = openScratch(directory);
  await importArchive(workspace, folder({ 'test.csv': twoTests, 'asked.csv': twoAsked }));
  addPicture(workspace, 1);
  for (const places of runs) finishedRun(workspace, places);
  workspace.close();
  const { client } = openScratchService(() => undefined, directory);
  const out = join(directory, 'submission.csv');
  return { client, out, submissions: client.submissions };
}

function finishedRun(workspace: Workspace, [noseX, noseY, eyeX]: [number, number, number]) {
  const { id: snapshotId } = workspace.snapshots.take();
  const run = workspace.runs.create({
    ...{ engine: 'onnx', preset: 'mlp', seed: 1, snapshotId, config: {}, lineage: {} },
  });
  const validation = { rmse: 2.5, interval: { low: 2.25, high: 2.75 } };
  workspace.runs.update(run.id, { status: 'finished', metrics: { validation } });
  const keys = workspace.sources.imagesByKey();
  const points = Float32Array.of(0, 0, 0, 0, noseX, noseY, eyeX, 0, 0, 0, 0, 0);
  workspace.predictions.put(run.id, [keys.get('1')!, keys.get('2')!], points);
}

test('a preview says what the file would hold: rows, clipped values, how the values lie', async () => {
  const { submissions } = await submitting([0.5, -1, 1.5]);
  expect(await submissions.preview({ run: 'latest' })).toMatchObject({
    ...{ runId: 1, rows: 3, images: 2, missing: 0, clipped: 1, difference: null },
    values: { edges: [0, 1, 2], counts: [2, 1] },
  });
});

test('the faces are shown with the points that are asked for', async () => {
  const { submissions } = await submitting([0.5, 1, 1.5]);
  const { faces } = await submissions.preview({ run: 1 });
  expect(faces.map(({ key, points, before }) => ({ key, points, before }))).toEqual([
    { key: '1', points: [null, null, { x: 0.5, y: 1 }], before: null },
    { key: '2', points: [null, null, null], before: null },
  ]);
});

test('checks pass where nothing is to be said', async () => {
  const { submissions } = await submitting([0.5, 1, 1.5]);
  const { checks } = await submissions.preview({ run: 1 });
  expect(checks.filter(({ name }) => !name.startsWith('Faces'))).toEqual(
    checks.flatMap((check) => (check.name.startsWith('Faces') ? [] : [{ ...check, outcome: 'passed' }])),
  );
});

const outcomeOf = async (
  { submissions }: Pick<Awaited<ReturnType<typeof submitting>>, 'submissions'>,
  name: string,
) => (await submissions.preview({ run: 1 })).checks.find((check) => check.name === name);

test('a value without a prediction fails its check, and says where', async () => {
  const service = await submitting([NaN, NaN, 1]);
  expect(await outcomeOf(service, 'Every value asked for is predicted')).toMatchObject({
    outcome: 'failed',
    found: '2 of 3 are missing; the first is RowId 1, of test image 1',
  });
});

test('values outside the picture, and labels that came later, are remarks', async () => {
  const service = await submitting([-5, 1, 1]);
  expect(await outcomeOf(service, 'Every point lies in its picture')).toMatchObject({ outcome: 'remark' });
  const { images } = await service.client.images.page({ limit: 1 });
  await service.client.labels.apply({ changes: [change(images[0]!.id, 2, visible(1, 1))] });
  expect(await outcomeOf(service, 'The run knows the labels as they are now')).toMatchObject({
    outcome: 'remark',
    found: '1 change of labels came after it',
  });
});

test('the difference from the submission before: how many rows moved, and by how much', async () => {
  const { client, out, submissions } = await submitting([0.5, 1, 1.5], [0.5, 1.05, 0]);
  await client.exports.submission({ run: 1, out });
  const { difference, faces } = await submissions.preview({ run: 2 });
  expect(difference).toMatchObject({ submission: 1, runId: 1, exact: true, moved: 2, movedFar: 1 });
  expect(difference!.rms).toBeCloseTo(Math.sqrt((1.5 ** 2 + 0.05 ** 2) / 3), 4);
  expect(difference!.largest).toBeCloseTo(1.5, 4);
  expect(faces.map(({ key }) => key)).toEqual(['2', '1']); // what changed most comes first
  expect(faces[1]!.before).toEqual([null, null, { x: 0.5, y: 1 }]);
});

test('history keeps what each submission got, beside what its run reaches itself', async () => {
  const { client, out, submissions } = await submitting([0.5, 1, 1.5], [0.5, 1, 1]);
  await client.exports.submission({ run: 1, out });
  await client.exports.submission({ run: 2, out });
  await submissions.score({ id: 1, score: 1.62 });
  expect(await submissions.list()).toMatchObject([
    { id: 2, runId: 2, score: null },
    { id: 1, runId: 1, score: 1.62, path: out, validation: { rmse: 2.5, low: 2.25, high: 2.75 } },
  ]);
  await expect(submissions.score({ id: 9, score: 1 })).rejects.toThrow('There is no submission 9.');
});

test('read as plain text, the file answers the lookup table row by row with what was shown', async () => {
  const { client, out, submissions } = await submitting([0.5, 1.23456, 99]);
  await client.exports.submission({ run: 1, out });
  const rowsOf = (text: string) => text.trimEnd().split('\n').slice(1).map((line) => line.split(',')); // prettier-ignore
  const rows = rowsOf(readFileSync(out, 'utf8'));
  expect(rows.map(([rowId]) => rowId)).toEqual(rowsOf(twoAsked).map(([rowId]) => rowId));
  const [x, y, eye] = rows.map(([, location]) => Number(location));
  expect((await submissions.preview({ run: 1 })).faces[0]!.points[2]).toEqual({ x, y });
  expect(eye).toBe(2); // the picture's right edge
});
