/** The file that the competition scores: one value for every row of its lookup table. */
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { InputProblem } from '../../domain/problem.ts';
import type { LookupRow, Submission } from '../submissions.ts';
import type { Workspace } from '../workspace.ts';
import { writeFileAtomically } from './atomic-file.ts';

/** A value that is to be written. */
interface Answer {
  readonly rowId: number;
  readonly location: number;
}

/**
 * Writes what a run predicts for every value asked for, in the lookup table's order, clipped to 0 ... width (or height)
 * of the image. The file is read again and compared before it takes its place, and recorded with its hash.
 * @throws InputProblem when there is no lookup table or no such run, or when predictions are missing
 */
export async function writeSubmission(
  workspace: Workspace,
  { runId, out }: { readonly runId: number; readonly out: string },
): Promise<Submission> {
  const run = workspace.runs.get(runId);
  if (!run)
    throw new InputProblem(`There is no run ${runId}.`, {
      hint: 'List the runs that there are with: fiducial runs',
    });
  const asked = workspace.submissions.lookup();
  if (asked.length === 0)
    throw new InputProblem('The workspace does not know which values a submission must give.', {
      file: workspace.directory,
      expected: 'an imported IdLookupTable.csv',
      hint: 'Import the competition’s archive.',
    });
  const { answers, clipped } = answersOf(workspace, runId, asked);
  const { sha256 } = await writeFileAtomically(out, csv(answers), (path) => compare(path, answers));
  return workspace.submissions.record({
    runId,
    snapshotId: run.snapshotId,
    path: out,
    sha256,
    rows: answers.length,
    clipped,
  });
}

function answersOf(
  workspace: Workspace,
  runId: number,
  asked: readonly LookupRow[],
): { answers: Answer[]; clipped: number } {
  const idByKey = workspace.sources.imagesByKey();
  const keys = [...new Set(asked.map(({ imageKey }) => imageKey))];
  const position = new Map(keys.map((key, i) => [key, i]));
  const imageIds = keys.map((key) => idByKey.get(key)!);
  const points = workspace.predictions.points(runId, imageIds);
  const sizes = imageIds.map((id) => workspace.images.get(id)!);
  const keypoints = workspace.schema.keypoints.length;
  let clipped = 0;
  const answers = asked.map(({ rowId, imageKey, keypoint, axis }): Answer => {
    const image = position.get(imageKey)!;
    const predicted = points[2 * (image * keypoints + keypoint) + (axis === 'x' ? 0 : 1)]!;
    const location = Math.min(
      axis === 'x' ? sizes[image]!.width : sizes[image]!.height,
      Math.max(0, predicted),
    );
    if (location !== predicted && !Number.isNaN(predicted)) clipped++;
    return { rowId, location };
  });
  refuseMissing(runId, asked, answers);
  return { answers, clipped };
}

function refuseMissing(runId: number, asked: readonly LookupRow[], answers: readonly Answer[]): void {
  const absent = asked.filter((_, i) => Number.isNaN(answers[i]!.location));
  const [first] = absent;
  if (first)
    throw new InputProblem(
      `Run ${runId} has no prediction for ${absent.length.toLocaleString('en-US')} of the ${asked.length.toLocaleString('en-US')} values asked for.`,
      {
        found: `the first is RowId ${first.rowId}, of test image ${first.imageKey}`,
        hint: `Let the run predict the test images first.`,
      },
    );
}

/** Ten-thousandths of a pixel: finer than any label. */
function csv(answers: readonly Answer[]): Readable {
  const rows = answers.map(({ rowId, location }) => [String(rowId), text(location)]);
  return pipeline(Readable.from([['RowId', 'Location'], ...rows]), stringify(), () => undefined);
}

function text(location: number): string {
  return String(Number(location.toFixed(4)));
}

/** @throws Error when the file does not hold exactly these answers */
async function compare(path: string, answers: readonly Answer[]): Promise<void> {
  const lines = pipeline(createReadStream(path), parse(), () => undefined);
  let i = -1;
  for await (const [rowId, location] of lines as AsyncIterable<string[]>) {
    const answer = answers[i];
    const expected = i < 0 ? ['RowId', 'Location'] : answer && [String(answer.rowId), text(answer.location)];
    if (rowId !== expected?.[0] || location !== expected?.[1])
      throw new Error(`Line ${i + 2} of ${path} is not what was written.`);
    i++;
  }
  if (i !== answers.length) throw new Error(`${path} has ${i} rows; ${answers.length} were written.`);
}
