/** What the export screen works with: finished runs, what would be written from the chosen one, what was. */
import { toast } from 'svelte-sonner';
import type { TrainingPreview } from '../../contract/exports.ts';
import type { RunView } from '../../contract/runs.ts';
import type { SubmissionPreview, SubmissionView } from '../../contract/submissions.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { exportLabels } from '../frame/export-labels.ts';
import { bytes, count } from '../frame/format.ts';
import { session } from '../frame/session.svelte.ts';
import { chooseDestination } from '../host.ts';
import { readView, type View, writeView } from './view.ts';

export type ModelFormat = 'onnx' | 'tfjs';

export class Exports {
  readonly view = $derived(readView(address.query));
  /** Finished ones, the latest first; undefined until they are known. */
  runs = $state.raw<readonly RunView[]>();
  readonly run = $derived(this.runs?.find(({ runId }) => runId === this.view.run) ?? this.runs?.[0]);
  submissions = $state.raw<readonly SubmissionView[]>();
  /** Of the run and the earlier submission that are chosen; undefined until it is known. */
  preview = $state.raw<SubmissionPreview>();
  /** Why there is none. */
  previewProblem = $state('');
  labels = $state.raw<TrainingPreview>();
  problem = $state('');
  /** While a file is written. */
  busy = $state(false);
  /** Counts what others have done to runs, predictions, submissions and labels. */
  #revision = $state(0);

  readonly #runId = $derived(this.run?.runId);

  /** For the component that shows it. */
  attach(): void {
    $effect(() => {
      void this.#revision;
      void this.#load();
    });
    $effect(() => {
      void this.#revision;
      const { against, shown } = this.view;
      const run = this.#runId;
      if (run === undefined || shown !== 'submission') return;
      let left = false;
      service.submissions.preview({ run, ...(against === undefined ? {} : { against }) }).then(
        (preview) => {
          if (left) return;
          this.preview = preview;
          this.previewProblem = '';
        },
        (error: Error) => {
          if (left) return;
          this.preview = undefined;
          this.previewProblem = error.message;
        },
      );
      return () => (left = true);
    });
    $effect(() => {
      void this.#revision;
      if (this.view.shown !== 'labels') return;
      let left = false;
      service.exports.trainingPreview().then(
        (labels) => {
          if (!left) this.labels = labels;
        },
        (error: Error) => (this.problem = error.message),
      );
      return () => (left = true);
    });
    $effect(() => session.onChange(({ type }) => this.#hear(type)));
  }

  /** @param options.replace as `address.go` */
  go(change: Partial<View>, options?: { replace?: boolean }): void {
    address.go('export', writeView({ ...this.view, ...change }), options);
  }

  /** The next older run, or with -1 the next newer one. */
  step(by: 1 | -1): void {
    const { runs = [], run } = this;
    const next = run && runs[runs.indexOf(run) + by];
    if (next) this.go({ run: next.runId }, { replace: true });
  }

  /** Writes what is shown; a model as ONNX. */
  write(): void {
    const { shown } = this.view;
    if (shown === 'submission') void this.writeSubmission();
    else if (shown === 'labels') void exportLabels();
    else if (shown === 'model') void this.writeModel('onnx');
    else void this.writeReport();
  }

  /** Whether it can be written as it is. */
  get isReady(): boolean {
    const { shown } = this.view;
    if (this.busy) return false;
    if (shown === 'labels') return true;
    if (!this.run) return false;
    if (shown === 'submission') return this.preview?.runId === this.run.runId && this.preview.missing === 0;
    return shown === 'report' || this.run.members.length === 0;
  }

  writeSubmission(): Promise<void> {
    const run = this.run!.runId;
    return this.#write(`submission-run-${run}.csv`, 'The submission', async (out) => {
      const { rows, clipped } = await service.exports.submission({ run, out });
      return `Wrote a submission of ${count(rows)} rows, and read it back row by row. ${count(clipped)} values were moved to the picture’s border.`;
    });
  }

  writeModel(format: ModelFormat): Promise<void> {
    const run = this.run!.runId;
    const [name, procedure] = format === 'onnx' ? [`run-${run}.onnx`, service.exports.model] as const : [`run-${run}-tfjs.zip`, service.exports.tensorflowJs] as const; // prettier-ignore
    return this.#write(name, 'The model', async (out) => {
      const written = await procedure({ run, out });
      return `Wrote the model of run ${run}, ${bytes(written.bytes)}.`;
    });
  }

  writeReport(): Promise<void> {
    const run = this.run!.runId;
    return this.#write(`run-${run}.html`, 'The report', async (out) => {
      const written = await service.exports.report({ run, out });
      return `Wrote the report of run ${run}, ${bytes(written.bytes)}.`;
    });
  }

  /** @param text as it was typed; empty takes the score back */
  async setScore(id: number, text: string): Promise<void> {
    const score = text.trim() === '' ? null : Number(text.replace(',', '.'));
    if (score !== null && !(score > 0)) {
      toast.error(`“${text}” is no score: a number such as 1.52 is expected.`);
      return;
    }
    try {
      this.submissions = await service.submissions.score({ id, score });
    } catch (error) {
      toast.error(`The score was not kept: ${(error as Error).message}`);
    }
  }

  /** @param work does it, and says what was done */
  async #write(name: string, what: string, work: (out: string) => Promise<string>): Promise<void> {
    const destination = await chooseDestination(name);
    if (!destination) return;
    this.busy = true;
    try {
      const said = await work(destination.out);
      destination.deliver();
      toast.success(said);
    } catch (error) {
      toast.error(`${what} was not written: ${(error as Error).message}`, { duration: 30_000 });
    } finally {
      this.busy = false;
    }
  }

  async #load(): Promise<void> {
    try {
      const [runs, submissions] = await Promise.all([service.runs.list(), service.submissions.list()]);
      this.runs = runs.filter(({ status, archived }) => status === 'finished' && !archived);
      this.submissions = submissions;
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  #refreshing = false;

  /** At most every half second. */
  #hear(type: string): void {
    if (type === 'watching' || this.#refreshing) return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      this.#revision++;
    }, 500);
  }
}
