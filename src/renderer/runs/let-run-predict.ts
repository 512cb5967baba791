/** A run says where the keypoints are, as a task that goes on while the person looks at something else. */
import { toast } from 'svelte-sonner';
import type { ImageFilter } from '../../contract/cells.ts';
import { service } from '../connection.ts';
import { count } from '../frame/format.ts';
import { type Task, tasks } from '../frame/tasks.svelte.ts';

/** @param filter which images; without one those that miss keypoints and of which it has said nothing: its proposals */
export async function letRunPredict(
  run: number,
  { filter, onBegin }: { filter?: ImageFilter; onBegin?: (task: Task) => void } = {},
): Promise<void> {
  let signal: AbortSignal | undefined;
  try {
    await tasks.run(`Run ${run} predicts`, async (task) => {
      ({ signal } = task);
      onBegin?.(task);
      for await (const event of await service.predictions.make({ run, filter }, { signal })) {
        if (event.type !== 'progress') continue;
        task.share = event.done / event.total;
        task.detail = `${count(event.done)} of ${count(event.total)} images`;
      }
    });
  } catch (error) {
    if (signal?.aborted) return;
    toast.error(`Run ${run} did not predict: ${(error as Error).message}`);
  }
}
