/** The file that the competition scores: one value for every row of its lookup table. */
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { InputProblem } from '../../domain/problem.ts';
import type { Submission } from '../submissions.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answersOf } from './answers.ts';
import { writeFileAtomically } from './atomic-file.ts';

interface SubmissionTarget {
  readonly runId: number;
  readonly out: string;
  /** What people know the file by, where that is not its path: a browser takes it elsewhere. */
  readonly recordedAs?: string;
}

/**
 * Writes what a run predicts for every value asked for, in the lookup table's order, clipped to 0 ... width (or height)
 * of the image. The file is read again and compared before it takes its place, and recorded with its hash.
 * @throws InputProblem when there is no lookup table or no such run, or when predictions are missing
 */
export async function writeSubmission(
  workspace: Workspace,
  { runId, out, recordedAs = out }: SubmissionTarget,
): Promise<Submission> {
  const run = workspace.runs.get(runId);
  if (!run)
    throw new InputProblem(`There is no run ${runId}.`, {
      hint: 'List the runs that there are with: fiducial runs',
    });
  const answers = answersOf(workspace, runId);
  refuseMissing(runId, answers);
  const { sha256 } = await writeFileAtomically(out, csv(answers), (path) => compare(path, answers));
  return workspace.submissions.record({
    runId,
    snapshotId: run.snapshotId,
    path: recordedAs,
    sha256,
    rows: answers.length,
    clipped: answers.filter(({ clipped }) => clipped).length,
  });
}

function refuseMissing(runId: number, answers: readonly Answer[]): void {
  const absent = answers.filter(({ location }) => Number.isNaN(location));
  const [first] = absent;
  if (first)
    throw new InputProblem(
      `Run ${runId} has no prediction for ${absent.length.toLocaleString('en-US')} of the ${answers.length.toLocaleString('en-US')} values asked for.`,
      {
        found: `the first is RowId ${first.rowId}, of test image ${first.imageKey}`,
        hint: `Let the run predict the test images first.`,
      },
    );
}

function csv(answers: readonly Answer[]): Readable {
  const rows = answers.map(({ rowId, location }) => [String(rowId), String(location)]);
  return pipeline(Readable.from([['RowId', 'Location'], ...rows]), stringify(), () => undefined);
}

/**
 * The SHA-256 that a submission of these answers has, hexadecimal: whether an earlier file still is what its run says.
 */
export async function submissionHash(answers: readonly Answer[]): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of csv(answers)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** @throws Error when the file does not hold exactly these answers */
async function compare(path: string, answers: readonly Answer[]): Promise<void> {
  const lines = pipeline(createReadStream(path), parse(), () => undefined);
  let i = -1;
  for await (const [rowId, location] of lines as AsyncIterable<string[]>) {
    const answer = answers[i];
    const expected =
      i < 0 ? ['RowId', 'Location'] : answer && [String(answer.rowId), String(answer.location)];
    if (rowId !== expected?.[0] || location !== expected?.[1])
      throw new Error(`Line ${i + 2} of ${path} is not what was written.`);
    i++;
  }
  if (i !== answers.length) throw new Error(`${path} has ${i} rows; ${answers.length} were written.`);
}
