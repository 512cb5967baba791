/** fiducial runs, show RUN, evaluate RUN */
import { duration, pixels, table } from '../format.ts';
import type { Session } from '../session.ts';
import { describeRun, runDocument, runTable } from './report.ts';

export async function runs(session: Session) {
  session.terminal.note(`Runs in ${session.directory}`);
  const client = await session.client();
  const all = await client.runs.list();
  session.terminal.print(all.length === 0 ? 'There is no run yet. Start one: fiducial train' : runTable(all));
  return all;
}

export async function show(session: Session, run: number | 'latest') {
  session.terminal.note(`Reading ${session.directory}`);
  const client = await session.client();
  const { curve, config, ...seen } = await client.runs.get({ run });
  session.terminal.print(describeRun(seen));
  if (curve.length > 0)
    session.terminal.print(
      `\n${table(
        [' epoch', ' loss', ' validation px', ' learning rate', ' time'],
        thinned(curve, 20).map(({ epoch, trainLoss, validationRmse, learningRate, seconds }) => [
          String(epoch),
          trainLoss.toPrecision(3),
          pixels(validationRmse),
          learningRate.toPrecision(2),
          duration(seconds),
        ]),
      )}`,
    );
  session.terminal.print(`\nConfiguration, curve, checkpoints and log are in ${seen.directory}`);
  return { ...runDocument(seen), curve, config };
}

export async function evaluate(session: Session, run: number | 'latest') {
  session.terminal.note(run === 'latest' ? 'Judging the latest run' : `Judging run ${run}`);
  const client = await session.client();
  const judged = await client.runs.evaluate({ run }, { signal: session.interrupt });
  session.terminal.print(describeRun(judged));
  return runDocument(judged);
}

/** At most `most` of the items, evenly spread, the last among them. */
function thinned<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most);
  const kept = Array.from(
    { length: Math.min(most, items.length) },
    (_, i) => items.length - 1 - Math.round(i * step),
  );
  return kept.reverse().flatMap((index) => items[index] ?? []);
}
