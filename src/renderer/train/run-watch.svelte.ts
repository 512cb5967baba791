/** One run, followed as long as somebody looks at it: its record, and what its training says at this moment. */
import type { RunEvent } from '../../contract/runs.ts';
import { service } from '../connection.ts';

export type RunDetail = Awaited<ReturnType<typeof service.runs.get>>;
export type Progress = Extract<RunEvent, { type: 'progress' }>;
type Phase = Extract<RunEvent, { type: 'phase' }>['phase'];

export class RunWatch {
  readonly runId: number;
  detail = $state.raw<RunDetail>();
  /** Of its training, while it runs. */
  progress = $state.raw<Progress>();
  phase = $state.raw<Phase>();
  /** Why the run cannot be shown. */
  problem = $state('');
  #leaving = new AbortController();

  constructor(runId: number) {
    this.runId = runId;
    void this.#follow(this.#leaving.signal);
  }

  /** 0 to 1 of the whole training; undefined while nobody knows. */
  get share(): number | undefined {
    if (!this.progress) return undefined;
    const { epoch, epochs, share } = this.progress;
    return Math.min(1, (epoch - 1 + share) / epochs);
  }

  close(): void {
    this.#leaving.abort();
  }

  /** After something was done to it: a run that had ended may be at work again. */
  refresh(): void {
    this.close();
    this.#leaving = new AbortController();
    void this.#follow(this.#leaving.signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted)
      try {
        if (!(await this.#load(signal))) return;
        for await (const event of await service.runs.watch({ run: this.runId }, { signal }))
          if (!signal.aborted) await this.#take(event, signal);
        await this.#load(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const { code, message } = error as Error & { code?: string };
        this.problem = message;
        if (code === 'NOT_FOUND') return;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
  }

  /** @returns whether there is something to follow */
  async #load(signal: AbortSignal): Promise<boolean> {
    const detail = await service.runs.get({ run: this.runId }, { signal });
    if (signal.aborted) return false;
    this.detail = detail;
    this.problem = '';
    return detail.status === 'running' || detail.ahead !== null;
  }

  async #take(event: RunEvent, signal: AbortSignal): Promise<void> {
    const { detail } = this;
    if (!detail) return;
    switch (event.type) {
      case 'phase':
        this.phase = event.phase;
        // It waited before, and does so no more.
        if (event.phase !== 'queued' && detail.status !== 'running') await this.#load(signal);
        return;
      case 'progress':
        this.progress = event;
        return;
      case 'paused':
        this.detail = { ...detail, paused: event.paused };
        return;
      case 'epoch': {
        const { point, worst, baselines } = event;
        // Whoever begins to watch may have missed one.
        if (point.epoch > (detail.curve.at(-1)?.epoch ?? 0) + 1) await this.#load(signal);
        else {
          const curve = [...detail.curve.filter(({ epoch }) => epoch < point.epoch), point];
          this.detail = { ...detail, curve, worst, baselines, trainRmse: point.trainRmse };
        }
        return;
      }
      case 'ended':
        this.progress = undefined;
        this.phase = undefined;
    }
  }
}
