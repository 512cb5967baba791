/** What can be done with runs, beside what Train does with them; each is said when it is done. */
import { toast } from 'svelte-sonner';
import type { RunView } from '../../contract/runs.ts';
import { service } from '../connection.ts';
import { address } from '../frame/address.svelte.ts';
import { count } from '../frame/format.ts';
import { tasks } from '../frame/tasks.svelte.ts';
import { chooseDestination } from '../host.ts';
import { draft } from '../train/draft.svelte.ts';
import { draftOf, type RunSetup } from '../train/draft.ts';
import { runs } from '../train/runs.svelte.ts';
import type { RunsScreen } from './runs-screen.svelte.ts';

export const isUnderway = ({ status, ahead }: RunView): boolean => status === 'running' || ahead !== null;

/** @param epoch a kept one; the best without */
export function fineTune({ runId }: RunView, epoch?: number): void {
  draft.startFrom(runId, epoch);
  address.go('train');
}

/** The next training is as this run was, on the labels as they are then. */
export async function reuse({ runId: run }: RunView): Promise<void> {
  await runs.attempt(async () => {
    const { config } = await service.runs.get({ run });
    draft.change(draftOf(config as RunSetup));
    address.go('train');
  });
}

export async function archive({ runId: run, archived }: RunView): Promise<void> {
  const set = (archived: boolean) => runs.attempt(() => service.runs.edit({ run, archived }));
  if (!(await set(!archived))) return;
  toast.success(archived ? `Run ${run} is among the others again.` : `Run ${run} is put aside.`, {
    action: { label: 'Undo', onClick: () => void set(archived) },
  });
}

/** Averages the marked runs into one. */
export async function average(screen: RunsScreen): Promise<void> {
  const members = [...screen.view.marked];
  await runs.attempt(async () => {
    const { runId } = await service.runs.ensemble({ runs: members });
    toast.success(`Run ${runId} averages ${members.length} runs.`);
    screen.go({ run: runId, marked: [], shown: 'table' });
  });
}

/** Judges it again, beside whatever else is done. */
export async function evaluate({ runId: run }: RunView): Promise<void> {
  const judge = () =>
    tasks.run(`Judging run ${run}`, ({ signal }) => service.runs.evaluate({ run }, { signal }));
  if (await runs.attempt(judge)) toast.success(`Run ${run} is judged again on its validation images.`);
}

export async function exportSubmission({ runId: run }: RunView): Promise<void> {
  const destination = await chooseDestination(`submission-run-${run}.csv`);
  if (!destination) return;
  await runs.attempt(async () => {
    const { rows, clipped } = await service.exports.submission({ run, out: destination.out });
    destination.deliver();
    const moved = clipped > 0 ? ` ${count(clipped)} of them lay outside and were moved to the border.` : '';
    toast.success(`Exported ${count(rows)} values of run ${run}.${moved}`);
  });
}
