/** The labels as a file in the layout of training.csv. */
import { toast } from 'svelte-sonner';
import { service } from '../connection.ts';
import { chooseDestination } from '../host.ts';
import { count } from './format.ts';

export async function exportLabels(): Promise<void> {
  const destination = await chooseDestination('training.csv');
  if (!destination) return;
  try {
    const { rows } = await service.exports.trainingCsv({ out: destination.out });
    destination.deliver();
    toast.success(`Exported the labels of ${count(rows)} images.`);
  } catch (error) {
    toast.error(`The labels were not exported: ${error instanceof Error ? error.message : String(error)}`);
  }
}
