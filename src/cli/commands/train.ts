/** fiducial train, fiducial resume RUN */
import type { RunEvent, RunView, StartInput } from '../../contract/runs.ts';
import type { Client } from '../../service/service.ts';
import { Interrupted } from '../failure.ts';
import { count, duration, pixels } from '../format.ts';
import { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import { describeRun, headline, runDocument } from './report.ts';

export type TrainOptions = Pick<
  StartInput,
  'preset' | 'spec' | 'recipe' | 'epochs' | 'timeLimit' | 'seed' | 'engine'
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

/** Commander's options hold more than the contract takes (--json, --workspace). */
export function startInput({
  preset,
  spec,
  recipe,
  epochs,
  timeLimit,
  seed,
  engine,
}: TrainOptions): StartInput {
  return { preset, spec, recipe, epochs, timeLimit, seed, engine };
}

/**
 * Shows a run's progress to its end. Ctrl+C ends it at a checkpoint.
 * @returns the run, finished
 * @throws Interrupted when it was stopped, RunFailed when it failed.
 */
export async function follow(session: Session, client: Client, { runId }: RunView): Promise<RunView> {
  const { terminal, interrupt } = session;
  const stop = () => {
    terminal.note('Stopping at the next checkpoint. Ctrl+C again ends at once.');
    client.runs.stop({ run: runId }).catch(() => undefined); // it has ended by itself meanwhile
  };
  interrupt.addEventListener('abort', stop, { once: true });
  if (interrupt.aborted) stop();
  const progress = await Progress.start(terminal, `Run ${runId}`);
  try {
    for await (const event of await client.runs.watch({ run: runId })) {
      if (event.type === 'ended') return ended(event.run);
      showEvent(event, session, progress);
    }
  } finally {
    interrupt.removeEventListener('abort', stop);
    progress.end();
  }
  throw new Error(`Run ${runId} was lost sight of.`);
}

function ended(run: RunView): RunView {
  if (run.status === 'finished') return run;
  if (run.status === 'stopped')
    throw new Interrupted(`${headline(run)} Go on with it: fiducial resume ${run.runId}`);
  throw Object.assign(new Error(`Run ${run.runId} failed: ${run.error ?? 'no reason was given'}`), {
    code: 'FAILED',
    data: { runId: run.runId, log: `${run.directory}/log` },
  });
}

const phases = {
  loading: 'Loading images and labels',
  splitting: 'Splitting people into training and validation',
  baselines: 'Computing baselines',
  training: 'Training',
  evaluating: 'Evaluating',
  predicting: 'Predicting the test images',
} as const;

/** On a terminal the bar moves; elsewhere there is a line for each epoch. */
function showEvent(
  event: Exclude<RunEvent, { type: 'ended' }>,
  { terminal }: Session,
  progress: Progress,
): void {
  if (event.type === 'phase') terminal.note(`${phases[event.phase]}.`);
  else if (event.type === 'progress') {
    if (!terminal.interactive) return;
    const { epoch, epochs, share, imagesPerSecond, validationRmse, secondsLeft } = event;
    const detail = [
      `epoch ${epoch}/${Math.ceil(epochs)}`,
      `${count(Math.round(imagesPerSecond))} images/s`,
      validationRmse === null ? '' : `validation ${pixels(validationRmse)} px`,
    ];
    progress.update((epoch - 1 + share) / epochs, detail.filter(Boolean).join('  '), secondsLeft);
  } else if (!terminal.interactive) {
    const { epoch, trainLoss, validationRmse, imagesPerSecond, seconds } = event.point;
    terminal.note(
      `epoch ${epoch}  loss ${trainLoss.toPrecision(3)}  validation ${pixels(validationRmse)} px  ${count(Math.round(imagesPerSecond))} images/s  ${duration(seconds)}`,
    );
  }
}
