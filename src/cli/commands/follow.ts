/** A run on the screen, from wherever it is to its end. */
import type { RunEvent, RunView } from '../../contract/runs.ts';
import type { Client } from '../../service/service.ts';
import { Interrupted } from '../failure.ts';
import { count, duration, pixels } from '../format.ts';
import { Progress } from '../progress.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { headline } from './report.ts';

/**
 * Shows a run's progress to its end; of an ensemble first that of its members which are still to be trained. Ctrl+C ends
 * all of it at a checkpoint.
 * @returns the run, finished
 * @throws Interrupted when it was stopped; an error with the contract's code FAILED when it failed.
 */
export async function follow(session: Session, client: Client, run: RunView): Promise<RunView> {
  for (const runId of run.members) {
    const { status } = await client.runs.get({ run: runId });
    if (status !== 'finished') session.terminal.note(headline(await followOne(session, client, runId, run)));
  }
  return followOne(session, client, run.runId, run);
}

/** @param whole what is stopped and resumed: the run, or the ensemble that it is a member of */
async function followOne(session: Session, client: Client, runId: number, whole: RunView): Promise<RunView> {
  const { terminal, interrupt } = session;
  const stop = () => {
    terminal.note('Stopping at the next checkpoint. Ctrl+C again ends at once.');
    client.runs.stop({ run: whole.runId }).catch(() => undefined); // it has ended by itself meanwhile
  };
  interrupt.addEventListener('abort', stop, { once: true });
  if (interrupt.aborted) stop();
  const view = new RunOnScreen(terminal, await Progress.start(terminal, `Run ${runId}`));
  try {
    for await (const event of await client.runs.watch({ run: runId })) {
      if (event.type === 'ended') return ended(event.run, whole, session);
      view.show(event);
    }
  } finally {
    interrupt.removeEventListener('abort', stop);
    view.end();
  }
  throw new Error(`Run ${runId} was lost sight of.`);
}

function ended(run: RunView, { runId: whole }: RunView, session: Session): RunView {
  if (run.status === 'finished') return run;
  if (run.status === 'stopped')
    throw new Interrupted(`${headline(run)}\nGo on with: ${session.command(`resume ${whole}`)}`);
  throw Object.assign(new Error(`Run ${run.runId} failed: ${run.error ?? 'no reason was given'}`), {
    code: 'FAILED',
    data: { runId: run.runId, log: `${run.directory}/log` },
  });
}

const phases = {
  queued: 'Waiting for its turn.',
  loading: 'Loading images and labels.',
  splitting: 'Splitting people into training and validation.',
  baselines: 'Computing baselines.',
  training: 'Training.',
  evaluating: 'Evaluating.',
  predicting: 'Predicting the test images.',
} as const;

/** Where there is no terminal, a line is written at least this often, in milliseconds. */
const silence = 20_000;

/** On a terminal a bar moves; elsewhere there is a line for each epoch, and more where epochs are long. */
class RunOnScreen {
  readonly #terminal: Terminal;
  readonly #progress: Progress;
  #latest: ProgressEvent | undefined;
  #lastLine = performance.now();

  constructor(terminal: Terminal, progress: Progress) {
    this.#terminal = terminal;
    this.#progress = progress;
  }

  show(event: Exclude<RunEvent, { type: 'ended' }>): void {
    if (event.type === 'phase') this.#line(phases[event.phase]);
    else if (event.type === 'progress') this.#advance(event);
    else if (event.type === 'epoch' && !this.#terminal.interactive) this.#line(this.#epochLine(event.point));
  }

  end(): void {
    this.#progress.end();
  }

  #advance(event: ProgressEvent): void {
    this.#latest = event;
    const { epoch, epochs, share, imagesPerSecond, validationRmse, secondsLeft } = event;
    const detail = [
      `epoch ${epoch}/${epochs}`,
      `${count(Math.round(imagesPerSecond))} images/s`,
      validationRmse === null ? '' : `validation ${pixels(validationRmse)} px`,
    ];
    const text = detail.filter(Boolean).join('  ');
    if (this.#terminal.interactive) this.#progress.update((epoch - 1 + share) / epochs, text, secondsLeft);
    else if (performance.now() - this.#lastLine > silence)
      this.#line(`${text}  ${duration(secondsLeft)} left`);
  }

  #epochLine({ epoch, trainLoss, validationRmse, imagesPerSecond, seconds }: EpochPoint): string {
    return [
      `epoch ${epoch}${this.#latest ? `/${this.#latest.epochs}` : ''}`,
      `loss ${trainLoss.toPrecision(3)}`,
      `validation ${pixels(validationRmse)} px`,
      `${count(Math.round(imagesPerSecond))} images/s`,
      `${duration(seconds)}${this.#latest ? `, ${duration(this.#latest.secondsLeft)} left` : ''}`,
    ].join('  ');
  }

  #line(text: string): void {
    this.#lastLine = performance.now();
    this.#terminal.note(text);
  }
}

type ProgressEvent = Extract<RunEvent, { type: 'progress' }>;
type EpochPoint = Extract<RunEvent, { type: 'epoch' }>['point'];
