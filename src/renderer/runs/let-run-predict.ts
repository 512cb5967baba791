/** A run says where the keypoints are in all images that miss some and of which it has said nothing: its proposals. */
import { toast } from 'svelte-sonner';
import { service } from '../connection.ts';
import { tasks } from '../frame/tasks.svelte.ts';

export async function letRunPredict(run: number): Promise<void> {
  try {
    await tasks.run(`Run ${run} predicts`, async (task) => {
      for await (const event of await service.predictions.make({ run }, { signal: task.signal }))
        if (event.type === 'progress') task.share = event.done / event.total;
    });
  } catch (error) {
    toast.error(`Run ${run} did not predict: ${(error as Error).message}`);
  }
}
