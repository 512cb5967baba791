/** Keypoints for picture files, found by a run's best checkpoint in a process of its own. */
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { loadPicture } from './pictures.ts';
import type { Supervisor } from './supervisor.ts';

export async function predictPictures(
  workspace: Workspace,
  supervisor: Supervisor,
  run: Run,
  files: readonly string[],
  signal?: AbortSignal,
) {
  const pictures = [];
  for (const file of files) pictures.push(await loadPicture(file));
  const { points } = await supervisor.predict(
    run,
    pictures.map(({ picture }) => picture),
    signal,
  );
  const { keypoints } = workspace.schema;
  return {
    runId: run.id,
    keypoints: [...keypoints],
    images: pictures.map(({ file, width, height, place }, i) => ({
      file,
      width,
      height,
      points: keypoints.map((_, k) => place(points[i]![2 * k]!, points[i]![2 * k + 1]!)),
    })),
  };
}
