/** What can be done with runs, each said when it is done. */
import { toast } from 'svelte-sonner';
import type { RunView } from '../../contract/runs.ts';
import { service } from '../connection.ts';
import { count } from '../frame/format.ts';
import { tasks } from '../frame/tasks.svelte.ts';
import { chooseDestination } from '../host.ts';
import { draft } from '../train/draft.svelte.ts';
import { draftOf, type Reusable } from './reuse.ts';
import type { Runs } from './runs.svelte.ts';

export const isEnsemble = ({ members }: RunView): boolean => members.length > 0;

/** `queued` without `ahead`: an earlier service had queued it. */
export const canResume = ({ status, ahead }: RunView): boolean =>
  status === 'stopped' || status === 'failed' || (status === 'queued' && ahead === null);

export const isUnderway = ({ status, ahead }: RunView): boolean => status === 'running' || ahead !== null;

/** @param epoch a kept one; what came after it is given up */
export function resume(runs: Runs, { runId: run }: RunView, epoch?: number): Promise<boolean> {
  return runs.attempt(
    () => service.runs.resume({ run, ...(epoch === undefined ? {} : { epoch }) }),
    `Run ${run} goes on${epoch === undefined ? '' : ` from epoch ${epoch}`}.`,
  );
}

export function stop(runs: Runs, { runId: run }: RunView): Promise<boolean> {
  return runs.attempt(() => service.runs.stop({ run }), `Run ${run} stopped at a checkpoint.`);
}

/** @param epoch a kept one; the best without */
export function fineTune({ runId }: RunView, epoch?: number): void {
  draft.startFrom(runId, epoch);
  toast.success(`The next training starts from run ${runId}.`);
}

export async function reuse(runs: Runs, { runId: run }: RunView): Promise<void> {
  await runs.attempt(async () => {
    const { config } = await service.runs.get({ run });
    draft.change(draftOf(config as Reusable));
    toast.success(`The next training is as run ${run} was.`);
  });
}

export async function archive(runs: Runs, { runId: run, archived }: RunView): Promise<void> {
  const set = (archived: boolean) => runs.attempt(() => service.runs.edit({ run, archived }));
  if (!(await set(!archived))) return;
  toast.success(archived ? `Run ${run} is among the others again.` : `Run ${run} is put aside.`, {
    action: { label: 'Undo', onClick: () => void set(archived) },
  });
}

export async function average(runs: Runs): Promise<void> {
  await runs.attempt(async () => {
    const { runId } = await service.runs.ensemble({ runs: runs.view.marked.slice() });
    toast.success(`Run ${runId} averages ${runs.view.marked.length} runs.`);
    runs.go({ run: runId, marked: [], shown: 'table' });
  });
}

/** Judges it again, beside whatever else is done. */
export function evaluate(runs: Runs, { runId: run }: RunView): Promise<boolean> {
  return runs.attempt(
    () => tasks.run(`Judging run ${run}`, ({ signal }) => service.runs.evaluate({ run }, { signal })),
    `Run ${run} is judged again on its validation images.`,
  );
}

export async function exportSubmission(runs: Runs, { runId: run }: RunView): Promise<void> {
  const destination = await chooseDestination(`submission-run-${run}.csv`);
  if (!destination) return;
  await runs.attempt(async () => {
    const { rows, clipped } = await service.exports.submission({ run, out: destination.out });
    destination.deliver();
    const moved = clipped > 0 ? ` ${count(clipped)} of them lay outside and were moved to the border.` : '';
    toast.success(`Exported ${count(rows)} values of run ${run}.${moved}`);
  });
}
