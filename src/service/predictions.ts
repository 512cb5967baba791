/** What a run says of the images that still need a person, found out in a process of its own. */
import type { PredictionEvent } from '../contract/predictions.ts';
import type { ImagePredictions } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Catalogue } from './catalogue.ts';
import type { WorkspaceHolder } from './holder.ts';
import { progressOf } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * Stores what the run says as it comes. Leaving the iterator early ends the process; what is stored by then stays.
 * @param onStored called when something was stored and nothing more will be
 */
export async function* makePredictions(
  {
    holder,
    supervisor,
    catalogue,
  }: { holder: WorkspaceHolder; supervisor: Supervisor; catalogue: Catalogue },
  run: Run,
  signal: AbortSignal | undefined,
  onStored: () => void,
): AsyncGenerator<PredictionEvent, void> {
  const workspace = holder.write();
  using _occupied = holder.occupy('A prediction');
  const known = new Set(workspace.predictions.imageIds(run.id));
  const images = [...catalogue.ids].filter((id, row) => catalogue.missing[row]! > 0 && !known.has(id));
  let done = 0;
  try {
    if (images.length > 0)
      yield* progressOf((onProgress, left) => {
        onProgress(done, images.length);
        const store = ({ images: some, points, spread }: ImagePredictions) => {
          workspace.predictions.put(run.id, some, points, spread);
          onProgress((done += some.length), images.length);
        };
        return supervisor.predictImages(run, images, store, left);
      }, signal);
  } finally {
    // Nothing is stored any more: the workspace may be changed for another one.
    if (done > 0) onStored();
  }
  yield { type: 'done', runId: run.id, images: done };
}
