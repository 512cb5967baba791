/** Tables and archives taken out of a workspace. Each is written whole or not at all. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFileAtomically } from '../workspace/export/atomic-file.ts';
import { writeSubmission } from '../workspace/export/submission.ts';
import { exportTrainingCsv } from '../workspace/export/training-csv.ts';
import type { Run } from '../workspace/runs.ts';
import { writeSampleArchive } from '../workspace/sample/sample.ts';
import type { Workspace } from '../workspace/workspace.ts';
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

export async function exportLabels(workspace: Workspace, out: string) {
  const file = await writable(out, () => exportTrainingCsv(workspace, out));
  return { ...file, path: resolve(out) };
}

export async function exportReport(workspace: Workspace, run: Run, out: string) {
  const file = await writable(out, () => writeFileAtomically(out, [runReport(workspace, run)]));
  return { ...file, path: resolve(out), runId: run.id };
}
