import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSubmission } from '../../../src/workspace/export/submission.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { file, folder, twoAsked, twoTests } from '../import/fixtures.ts';
import { openScratch, scratchDirectory } from '../scratch.ts';

/** A workspace that asks for the nose of test image 1 and the x of the left eye of test image 2, and a run. */
async function asking(): Promise<{ workspace: Workspace; runId: number; out: string }> {
  const workspace = openScratch();
  await importArchive(workspace, folder({ 'test.csv': twoTests, 'asked.csv': twoAsked }));
  return { workspace, runId: aRun(workspace), out: join(scratchDirectory(), 'submission.csv') };
}

function aRun(workspace: Workspace): number {
  const { id: snapshotId } = workspace.snapshots.take();
  return workspace.runs.create({
    engine: 'onnx',
    preset: 'mlp',
    seed: 1,
    snapshotId,
    config: {},
    lineage: {},
  }).id;
}

/** Predicts the nose of image 1 and the left eye of image 2; the other keypoints at (0, 0). */
function predict(
  { workspace, runId }: { workspace: Workspace; runId: number },
  nose: [number, number],
  eye: number,
) {
  const keys = workspace.sources.imagesByKey();
  const points = Float32Array.of(0, 0, 0, 0, ...nose, eye, 0, 0, 0, 0, 0);
  workspace.predictions.put(runId, [keys.get('1')!, keys.get('2')!], points);
}

test('a submission answers every row of the lookup table, in its order', async () => {
  const { workspace, runId, out } = await asking();
  predict({ workspace, runId }, [0.5, 1.23456], 2);
  await writeSubmission(workspace, { runId, out });
  expect(readFileSync(out, 'utf8')).toBe('RowId,Location\n1,0.5\n2,1.2346\n3,2\n');
});

test('places outside the picture are clipped to it, and counted', async () => {
  const { workspace, runId, out } = await asking();
  predict({ workspace, runId }, [-3, 1], 2.5);
  const { clipped } = await writeSubmission(workspace, { runId, out });
  expect(readFileSync(out, 'utf8')).toBe('RowId,Location\n1,0\n2,1\n3,2\n');
  expect(clipped).toBe(2);
});

test('a submission is recorded with its hash, run and snapshot', async () => {
  const { workspace, runId, out } = await asking();
  predict({ workspace, runId }, [0, 1], 1);
  const submission = await writeSubmission(workspace, { runId, out });
  expect(submission).toMatchObject({
    runId,
    path: out,
    rows: 3,
    snapshotId: workspace.runs.get(runId)!.snapshotId,
  });
  expect(submission.sha256).toBe(createHash('sha256').update(readFileSync(out)).digest('hex'));
  expect(workspace.submissions.list()).toEqual([submission]);
});

test('a submission without all predictions is refused, and nothing is written', async () => {
  const { workspace, runId, out } = await asking();
  predict({ workspace, runId }, [NaN, NaN], 1);
  await expect(writeSubmission(workspace, { runId, out })).rejects.toThrow(
    `Run ${runId} has no prediction for 2 of the 3 values asked for. (found the first is RowId 1, of test image 1)`,
  );
  expect(existsSync(out)).toBe(false);
  expect(workspace.submissions.list()).toEqual([]);
});

test('a submission without a lookup table is refused', async () => {
  const workspace = openScratch();
  await importArchive(workspace, file('test.csv', twoTests));
  const out = join(scratchDirectory(), 'submission.csv');
  await expect(writeSubmission(workspace, { runId: aRun(workspace), out })).rejects.toMatchObject({
    name: 'InputProblem',
    details: { expected: 'an imported IdLookupTable.csv' },
  });
});

test('a submission of a run that there is not is refused', async () => {
  const { workspace, out } = await asking();
  await expect(writeSubmission(workspace, { runId: 77, out })).rejects.toThrow('There is no run 77.');
});

test('a submission leaves no other file beside it', async () => {
  const { workspace, runId, out } = await asking();
  predict({ workspace, runId }, [0, 1], 1);
  await writeSubmission(workspace, { runId, out });
  expect(readdirSync(join(out, '..'))).toEqual(['submission.csv']);
});
