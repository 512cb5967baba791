/** Keypoints for picture files, found by a run's best checkpoint, which a process of its own keeps ready for the next ones. */
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { InspectorProcess } from './inspector.ts';
import type { Picture } from '../ml/training/messages.ts';
import { loadPicture } from './pictures.ts';
import { modelsOf } from './run-models.ts';

/** One picture that a page has, in its own pixels. */
export async function predictLive(
  workspace: Workspace,
  inspector: InspectorProcess,
  run: Run,
  picture: Picture,
  signal?: AbortSignal,
) {
  const models = modelsOf(workspace, run);
  const question = { ask: 'place', workspace: workspace.directory, models, pictures: [picture] } as const;
  const [points] = await inspector.ask(question, { signal });
  return workspace.schema.keypoints.map((_, k) => ({ x: points![2 * k]!, y: points![2 * k + 1]! }));
}

export async function predictPictures(
  workspace: Workspace,
  inspector: InspectorProcess,
  run: Run,
  files: readonly string[],
  signal?: AbortSignal,
) {
  const pictures = [];
  for (const file of files) pictures.push(await loadPicture(file));
  const models = modelsOf(workspace, run);
  const question = { ask: 'place', workspace: workspace.directory, models } as const;
  const points = await inspector.ask(
    { ...question, pictures: pictures.map(({ picture }) => picture) },
    { signal },
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
