/** fiducial submissions list | score */
import type { SubmissionView } from '../../contract/submissions.ts';
import { count, moment, pixels, table } from '../format.ts';
import type { Session } from '../session.ts';

export async function listSubmissions(session: Session) {
  session.terminal.note(`Submissions of ${session.directory}`);
  const written = await (await session.client()).submissions.list();
  session.terminal.print(
    written.length === 0
      ? `None was written yet. Write one: ${session.command('export submission --out submission.csv')}`
      : describe(written),
  );
  return written;
}

export async function scoreSubmission(session: Session, id: number, score: number) {
  session.terminal.note(`Keeping the score of submission ${id}`);
  const written = await (await session.client()).submissions.score({ id, score });
  session.terminal.print(describe(written));
  return written;
}

function describe(written: readonly SubmissionView[]): string {
  return table(
    [
      ' submission',
      'written',
      ' run',
      'network',
      ' rows',
      ' clipped',
      ' score',
      ' validation',
      ' label noise',
      'file',
    ],
    written.map(({ id, createdAt, runId, network, rows, clipped, score, validation, labelNoise, path }) => [
      ...[String(id), moment(createdAt), String(runId), network, count(rows), count(clipped)],
      ...[pixels(score), pixels(validation?.rmse), pixels(labelNoise), path],
    ]),
  );
}
