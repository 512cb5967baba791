/** What a run says of the images that still need a person, found out in a process of its own. */
import type { PredictionEvent } from '../contract/predictions.ts';
import type { ImagePredictions } from '../ml/training/messages.ts';
import type { Run } from '../workspace/runs.ts';
import type { Catalogue } from './catalogue.ts';
import type { WorkspaceHolder } from './holder.ts';
import type { Matching } from './selections.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { progressOf } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

/** Images with missing cells of which the run has said nothing. */
export function incomplete({ predictions }: Workspace, { ids, missing }: Catalogue, run: Run): number[] {
  const known = new Set(predictions.imageIds(run.id));
  return [...ids].filter((id, row) => missing[row]! > 0 && !known.has(id));
}

/** Images of which the run has not said how far its passes are apart. */
export function withoutSpread({ workspace, catalogue, rows }: Matching, run: Run): number[] {
  const known = new Set(workspace.predictions.imageIds(run.id, { withSpread: true }));
  return [...catalogue.ids].filter((id, row) => rows[row] === 1 && !known.has(id));
}

/**
 * Stores what the run says as it comes. Leaving the iterator early ends the process; what is stored by then stays.
 * @param onStored called when something was stored and nothing more will be
 */
export async function* makePredictions(
  { holder, supervisor, images }: { holder: WorkspaceHolder; supervisor: Supervisor; images: number[] },
  run: Run,
  signal: AbortSignal | undefined,
  onStored: () => void,
): AsyncGenerator<PredictionEvent, void> {
  const workspace = holder.write();
  using _occupied = holder.occupy('A prediction');
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
