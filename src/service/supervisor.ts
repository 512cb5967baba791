/** Trainings under way: their processes, what clients see of them, and what the database keeps of them. */
import { EventPublisher } from '@orpc/server';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../contract/runs.ts';
import type { RunConfig } from '../ml/training/config.ts';
import type {
  EvaluateResult,
  ImagePredictions,
  ProbeResult,
  RunResult,
  TrainerMessage,
} from '../ml/training/messages.ts';
import type { PredictionsFile } from '../ml/training/predictions.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { ChangeFeed } from './changes.ts';
import type { StartChild } from './child.ts';
import type { WorkspaceHolder } from './holder.ts';
import { Helpers } from './helpers.ts';
import { type Underway, viewDetail, viewRun } from './run-view.ts';
import { modelsOf, placeOf, unfinishedMembers, workOf } from './run-models.ts';
import { TrainerProcess } from './trainer-process.ts';
import type { TrainerEnd } from './trainer-process.ts';

interface Training {
  readonly process: TrainerProcess;
  /** The workspace, kept from being changed for another one. */
  readonly occupied: Disposable;
  /** Resolves when the database knows how it ended. */
  readonly recorded: Promise<void>;
  /** The last phase, for whoever begins to watch later. */
  phase: RunEvent | undefined;
  paused: boolean;
}

/** Of training steps, when it is found out what a training would take. */
const probeSeconds = 3;

export class Supervisor {
  readonly #holder: WorkspaceHolder;
  readonly #startChild: StartChild;
  readonly #feed: ChangeFeed;
  readonly #onTraining: (run: number | undefined) => void;
  /** At most one: two would take memory and cores from each other, and both end later. */
  readonly #trainings = new Map<number, Training>();
  /** Runs that wait for their turn. A service that begins leaves those that an earlier one had queued to a person. */
  #queue: number[] = [];
  readonly #helpers: Helpers;
  // A slow client loses old progress, never the end: that is the last event.
  readonly #events = new EventPublisher<Record<string, RunEvent>>({ maxBufferedEvents: 50 });

  /**
   * @param feed is told when a run begins and when it has ended
   * @param onTraining is told which run trains, when another one begins to and when none does any more
   */
  constructor(
    holder: WorkspaceHolder,
    startChild: StartChild,
    feed: ChangeFeed,
    onTraining: (run: number | undefined) => void = () => undefined,
  ) {
    this.#holder = holder;
    this.#feed = feed;
    this.#startChild = startChild;
    this.#onTraining = onTraining;
    this.#helpers = new Helpers(startChild);
  }

  /** Undefined for a run that this service does not work on. */
  underway(runId: number): Underway | undefined {
    const training = this.#trainings.get(runId);
    if (training) return { paused: training.paused, ahead: null };
    const place = this.#queue.indexOf(runId);
    return place < 0 ? undefined : { paused: false, ahead: this.#trainings.size + place };
  }

  /** Trains a run that the database has, from its last checkpoint if it has one, when those before it have ended. */
  enqueue(run: Run): void {
    this.#holder.write().runs.update(run.id, { status: 'queued', error: null, finishedAt: null });
    this.#queue.push(run.id);
    this.#advance();
    this.#feed.tell('runs');
  }

  #advance(): void {
    if (this.#trainings.size > 0) return;
    const next = this.#queue.shift();
    const run = next === undefined ? undefined : this.#holder.read().runs.get(next);
    if (!run) return;
    const [member] = unfinishedMembers(this.#holder.read(), run);
    if (member) this.#giveUp(run, `Run ${member.id}, one of its members, is ${member.status}.`);
    else this.#start(run);
  }

  #giveUp(run: Run, error: string): void {
    this.#holder.write().runs.update(run.id, { status: 'failed', finishedAt: new Date(), error });
    this.#advance();
    this.#feed.tell('runs');
    this.#events.publish(String(run.id), this.#ended(run.id));
  }

  #start(run: Run): void {
    const workspace = this.#holder.write();
    const process = new TrainerProcess(this.#startChild, workOf(workspace, run), (message) =>
      this.#relay(run.id, message),
    );
    workspace.runs.update(run.id, { status: 'running' });
    const recorded = process.ended.then((end) => this.#record(workspace, run, end));
    const occupied = this.#holder.occupy('A training');
    this.#trainings.set(run.id, { process, occupied, recorded, phase: undefined, paused: false });
    this.#onTraining(run.id);
  }

  /** Ends a training at a checkpoint, and waits until it has ended; a run that waits for its turn waits no longer. */
  async stop(runId: number): Promise<void> {
    if (this.#queue.includes(runId)) {
      this.#queue = this.#queue.filter((id) => id !== runId);
      this.#holder.write().runs.update(runId, { status: 'stopped' });
      this.#feed.tell('runs');
      this.#events.publish(String(runId), this.#ended(runId));
    }
    const training = this.#trainings.get(runId);
    training?.process.order('stop');
    await training?.recorded;
  }

  /** Holds a training at its next step, with a checkpoint, or lets it go on. The process stays. */
  pause(runId: number, paused: boolean): void {
    this.#trainings.get(runId)?.process.order(paused ? 'pause' : 'go-on');
  }

  /** From the present state to the end, which is the last event. */
  async *watch(runId: number, signal?: AbortSignal): AsyncGenerator<RunEvent, void> {
    const underway = this.underway(runId);
    if (!underway) {
      yield this.#ended(runId);
      return;
    }
    const events = this.#events.subscribe(String(runId), signal ? { signal } : {});
    const phase = this.#trainings.get(runId)?.phase;
    if (underway.ahead !== null) yield { type: 'phase', phase: 'queued' };
    if (phase) yield phase;
    if (underway.paused) yield { type: 'paused', paused: true };
    for await (const event of events) {
      yield event;
      if (event.type === 'ended') return;
    }
  }

  /** Judges a finished run on its validation images, in a process of its own. */
  async evaluate(run: Run, signal?: AbortSignal): Promise<EvaluateResult> {
    return (await this.#helpers.ask(
      { command: 'evaluate', ...this.#network(run) },
      signal,
    )) as EvaluateResult;
  }

  /** Leaves in a finished run's folder where keypoints are by what has not learned from their labels. */
  async placeOutOfFold(run: Run, signal?: AbortSignal): Promise<void> {
    await this.#helpers.ask({ command: 'out-of-fold', ...this.#network(run) }, signal);
  }

  /** Uses a finished run on images of the workspace, in a process of its own. @param take is given them as they come */
  async predictImages(
    run: Run,
    images: readonly number[],
    take: (predictions: ImagePredictions) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const command = { command: 'predict-images', ...this.#network(run), images } as const;
    await this.#helpers.ask(command, signal, (message) => {
      if (message.type === 'predictions' && !signal.aborted) take(message);
    });
  }

  /** What training with a config would take, measured for a few seconds; a training under way is held meanwhile. */
  async probe(config: RunConfig, signal?: AbortSignal): Promise<ProbeResult> {
    const { directory: workspace } = this.#holder.read();
    const cache = join(workspace, 'cache');
    mkdirSync(cache, { recursive: true });
    const runDirectory = mkdtempSync(join(cache, 'probe-'));
    try {
      const command = { command: 'probe', workspace, runDirectory, config, seconds: probeSeconds } as const;
      return (await this.undisturbed(() => this.#helpers.ask(command, signal))) as ProbeResult;
    } finally {
      rmSync(runDirectory, { recursive: true, force: true });
    }
  }

  /** Measures something while a training that is under way is held: it would take cores from it. */
  async undisturbed<T>(measure: () => Promise<T>): Promise<T> {
    const held = [...this.#trainings].filter(([, { paused }]) => !paused).map(([runId]) => runId);
    for (const runId of held) this.pause(runId, true);
    try {
      return await measure();
    } finally {
      for (const runId of held) this.pause(runId, false);
    }
  }

  #network(run: Run) {
    const workspace = this.#holder.read();
    return { ...placeOf(workspace, run), models: modelsOf(workspace, run) };
  }

  /** Resolves when no training is under way. */
  async idle(): Promise<void> {
    while (this.#trainings.size > 0)
      await Promise.all([...this.#trainings.values()].map(({ recorded }) => recorded));
  }

  /** Ends every process; trainings leave a checkpoint and can be resumed. */
  async close(): Promise<void> {
    this.#queue = [];
    this.#helpers.kill();
    await Promise.all([...this.#trainings.keys()].map((runId) => this.stop(runId)));
  }

  #relay(runId: number, message: TrainerMessage): void {
    const event = eventOf(message, this.#holder.read());
    if (!event) return;
    const training = this.#trainings.get(runId);
    if (training && event.type === 'phase') training.phase = event;
    if (training && event.type === 'paused') training.paused = event.paused;
    this.#events.publish(String(runId), event);
  }

  /** The only place where the end of a training reaches the database. */
  #record(workspace: Workspace, run: Run, end: TrainerEnd): void {
    const finishedAt = new Date();
    try {
      if (end.type === 'finished')
        workspace.transaction(() => {
          recordPredictions(workspace, run, end.result as RunResult);
          workspace.runs.update(run.id, { status: 'finished', finishedAt, metrics: end.result });
        });
      else if (end.type === 'stopped') workspace.runs.update(run.id, { status: 'stopped', finishedAt });
      else workspace.runs.update(run.id, { status: 'failed', finishedAt, error: end.reason });
    } catch (error) {
      const reason = `Its result could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      workspace.runs.update(run.id, { status: 'failed', finishedAt, error: reason });
    }
    this.#trainings.get(run.id)?.occupied[Symbol.dispose]();
    this.#trainings.delete(run.id);
    this.#advance();
    if (this.#trainings.size === 0) this.#onTraining(undefined);
    this.#feed.tell('runs');
    if (end.type === 'finished') this.#feed.tell('predictions');
    this.#events.publish(String(run.id), this.#ended(run.id));
  }

  #ended(runId: number): RunEvent {
    const workspace = this.#holder.read();
    return { type: 'ended', run: viewRun(workspace, workspace.runs.get(runId)!) };
  }
}

/**
 * Runs that a service which is gone left unfinished: they can be resumed from their last checkpoint.
 * Nobody else runs them, because the workspace has one writer. Those that waited for their turn still do.
 */
export function recoverRuns(workspace: Workspace): void {
  for (const run of workspace.runs.list())
    if (run.status === 'running') workspace.runs.update(run.id, { status: 'stopped' });
}

function recordPredictions(workspace: Workspace, run: Run, { predictions }: RunResult): void {
  if (predictions === null) return;
  const path = join(workspace.runs.directoryOf(run), predictions);
  const { images, points, spread } = JSON.parse(readFileSync(path, 'utf8')) as PredictionsFile;
  workspace.predictions.put(
    run.id,
    images,
    Float32Array.from(points.flat()),
    Float32Array.from(spread.flat()),
  );
}

function eventOf(message: TrainerMessage, workspace: Workspace): RunEvent | undefined {
  switch (message.type) {
    case 'phase':
    case 'paused':
      return message;
    case 'progress': {
      const { type, epoch, epochs, imagesPerSecond, validationRmse, learningRate, etaSeconds } = message;
      const share = message.batch / message.batches;
      return {
        type,
        epoch,
        epochs,
        share,
        imagesPerSecond,
        validationRmse,
        learningRate,
        secondsLeft: etaSeconds,
      };
    }
    case 'epoch': {
      const { point, detail } = message;
      return { type: 'epoch', point, ...viewDetail(workspace, detail) };
    }
  }
  return undefined;
}
