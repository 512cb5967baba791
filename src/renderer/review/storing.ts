/** Stores changes and says what became of it. */
import { toast } from 'svelte-sonner';
import type { LabelChange } from '../../contract/labels.ts';
import { service } from '../connection.ts';
import { counted } from '../frame/format.ts';
import { session } from '../frame/session.svelte.ts';
import { takenBackText } from '../label/words.ts';

/** @param done what was done, e.g. `Accepted`; @returns whether it was stored */
export async function store(changes: readonly LabelChange[], done: string): Promise<boolean> {
  if (changes.length === 0) return false;
  return attempt(async () => {
    await service.labels.apply({ workspace: session.workspace, changes: [...changes] });
    toast.success(`${done} ${counted(changes.length, 'point')}.`);
  });
}

/** The person's latest change. @param keypoints names, to say which it was of */
export function takeBack(keypoints: readonly string[]): Promise<boolean> {
  return attempt(async () => {
    toast(takenBackText('undo', await service.labels.undo({ workspace: session.workspace }), keypoints));
  });
}

/** @returns whether it worked; why not is shown */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toast.error(error instanceof Error ? error.message : String(error));
    return false;
  }
}
