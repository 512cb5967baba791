/** fiducial kaggle ARCHIVE --out FILE: import, train, evaluate beside the baselines, export. */
import { Interrupted, UsageProblem } from '../failure.ts';
import { bytes, count, duration } from '../format.ts';
import type { Session } from '../session.ts';
import type { ImportOptions } from './import.ts';
import { importPath } from './import.ts';
import { describeRun, runDocument } from './report.ts';
import { follow } from './follow.ts';
import { startInput } from './train.ts';
import type { TrainOptions } from './train.ts';

/** Kept for writing and checking the submission, in seconds. */
const exportTime = 3;
/** Less than this, in seconds, is no training: labels are read and the network is judged in it, too. */
const leastTraining = 10;

export async function kaggle(
  session: Session,
  archive: string,
  options: TrainOptions & ImportOptions & { out: string },
) {
  const { terminal } = session;
  const report = await importPath(session, archive, options);
  const client = await session.client();
  const { sources } = await client.workspace.info();
  if (!sources.some(({ kind }) => kind === 'lookup'))
    throw new UsageProblem(
      `${archive} holds no IdLookupTable.csv, so nothing says what a submission must answer.`,
    );
  const timeLimit = options.timeLimit && trainingTime(options.timeLimit);
  const run = await client.runs.start(startInput({ ...options, timeLimit }));
  const finished = await follow(session, client, run).catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error;
    const rest = session.command(`export submission --run ${run.runId} --out ${options.out}`);
    throw new Interrupted(`${error.message}\nThen: ${rest}`);
  });
  terminal.print(`\n${describeRun(finished)}\n`);
  const submission = await client.exports.submission({ run: finished.runId, out: options.out });
  terminal.print(
    `Wrote ${submission.path}: ${count(submission.rows)} rows, ${bytes(submission.bytes)}, ${count(submission.clipped)} values clipped to the picture. ${duration(process.uptime())} in all.`,
  );
  return { ...runDocument(finished, { submission: submission.path }), import: report, submission };
}

/** What is left of the limit for the whole command. @throws UsageProblem where that is nothing */
function trainingTime(timeLimit: number): number {
  const before = process.uptime();
  const left = timeLimit - before - exportTime;
  if (left >= leastTraining) return left;
  throw new UsageProblem(
    `--time-limit ${duration(timeLimit)} leaves no time to train: importing took ${duration(before)}, and writing the submission takes ${exportTime} s. Give it ${duration(Math.ceil(before) + exportTime + leastTraining)} or more; the import is kept.`,
  );
}
