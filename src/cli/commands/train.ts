/** fiducial train, fiducial resume RUN, fiducial ensemble R1 R2 ... */
import type { StartInput } from '../../contract/runs.ts';
import type { Session } from '../session.ts';
import { follow } from './follow.ts';
import { describeRun, runDocument } from './report.ts';

export type TrainOptions = Pick<
  StartInput,
  'preset' | 'spec' | 'recipe' | 'epochs' | 'timeLimit' | 'seed' | 'engine' | 'ensemble'
>;

export async function train(session: Session, options: TrainOptions) {
  session.terminal.note(`Training on the labels in ${session.directory}`);
  const client = await session.client();
  const finished = await follow(session, client, await client.runs.start(startInput(options)));
  session.terminal.print(describeRun(finished));
  return runDocument(finished);
}

export async function resume(session: Session, run: number | 'latest') {
  session.terminal.note(run === 'latest' ? 'Going on with the latest run' : `Going on with run ${run}`);
  const client = await session.client();
  const finished = await follow(session, client, await client.runs.resume({ run }));
  session.terminal.print(describeRun(finished));
  return runDocument(finished);
}

export async function ensemble(session: Session, runs: (number | 'latest')[]) {
  session.terminal.note(`Averaging runs ${runs.join(', ')}`);
  const client = await session.client();
  const finished = await follow(session, client, await client.runs.ensemble({ runs }));
  session.terminal.print(describeRun(finished));
  return runDocument(finished);
}

/** Commander's options hold more than the contract takes (--json, --workspace). */
export function startInput({
  preset,
  spec,
  recipe,
  epochs,
  timeLimit,
  seed,
  engine,
  ensemble,
}: TrainOptions): StartInput {
  return { preset, spec, recipe, epochs, timeLimit, seed, engine, ensemble };
}
