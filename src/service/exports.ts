/** Tables and archives taken out of a workspace. Each is written whole or not at all. */
import { stringify } from 'csv-stringify/sync';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import { writeFileAtomically } from '../workspace/export/atomic-file.ts';
import { writeSubmission } from '../workspace/export/submission.ts';
import { exportTrainingCsv } from '../workspace/export/training-csv.ts';
import type { Run } from '../workspace/runs.ts';
import { writeSampleArchive } from '../workspace/sample/sample.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { certaintiesOf } from './certainty.ts';
import { runReport } from './report/report.ts';
import { writable } from './writable.ts';

export async function writeSample(out: string, seed: number) {
  await writable(out, () => writeSampleArchive(out, { seed }));
  return { path: resolve(out), bytes: statSync(out).size };
}

/** @param recordedAs what people know the file by */
export async function exportSubmission(workspace: Workspace, run: Run, out: string, recordedAs: string) {
  const { rows, clipped, sha256 } = await writable(out, () =>
    writeSubmission(workspace, { runId: run.id, out: resolve(out), recordedAs }),
  );
  return { path: resolve(out), sha256, bytes: statSync(out).size, runId: run.id, rows, clipped };
}

/** A row for each keypoint of each test row, in the tables' order. @throws InputProblem when the run has said nothing of a test image */
export async function exportPredictions(workspace: Workspace, run: Run, out: string) {
  const { sources, images, predictions, schema } = workspace;
  const said = new Map(predictions.all(run.id).map(({ imageId, ...places }) => [imageId, places]));
  const tested = sources.list().filter(({ kind }) => kind === 'test');
  const rows = tested
    .flatMap(({ id }) => sources.rows(id))
    .flatMap(({ imageId, imageKey }) => {
      const places = said.get(imageId);
      if (!places)
        throw new InputProblem(`Run ${run.id} has said nothing of test image ${imageKey}.`, {
          hint: 'Train a run on this workspace: it predicts the test images when it ends.',
        });
      const sure = certaintiesOf(workspace, run, images.get(imageId)!, places.spread);
      return schema.keypoints.map((keypoint, k) => {
        const { expectedError, within } = sure[k]!;
        const numbers = [places.points[2 * k]!, places.points[2 * k + 1]!, expectedError, within];
        return [imageKey, keypoint, ...numbers.map((value) => value?.toFixed(3) ?? '')];
      });
    });
  const table = [['ImageId', 'keypoint', 'x', 'y', 'expectedError', 'within'], ...rows];
  const file = await writable(out, () => writeFileAtomically(out, [stringify(table)]));
  return { ...file, path: resolve(out), runId: run.id, rows: rows.length };
}

export async function exportLabels(workspace: Workspace, out: string) {
  const file = await writable(out, () => exportTrainingCsv(workspace, out));
  return { ...file, path: resolve(out) };
}

export async function exportReport(workspace: Workspace, run: Run, out: string) {
  const file = await writable(out, () => writeFileAtomically(out, [runReport(workspace, run)]));
  return { ...file, path: resolve(out), runId: run.id };
}
