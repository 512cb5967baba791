/** Keypoints for picture files, found by a run's best checkpoint, which a process of its own keeps ready for the next ones. */
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { certaintiesOf } from './certainty.ts';
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
  const [placed] = await inspector.ask(question, { signal });
  const { points } = placed!;
  return workspace.schema.keypoints.map((_, k) => ({ x: points[2 * k]!, y: points[2 * k + 1]! }));
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
  const placed = await inspector.ask(
    { ...question, pictures: pictures.map(({ picture }) => picture) },
    { signal },
  );
  const { keypoints } = workspace.schema;
  return {
    runId: run.id,
    keypoints: [...keypoints],
    images: pictures.map(({ file, width, height, picture, place, scale }, i) => {
      const { points, spread } = placed[i]!;
      const sure = certaintiesOf(workspace, run, picture, spread);
      return {
        file,
        width,
        height,
        points: sure.map(({ within }, k) => ({
          ...place(points[2 * k]!, points[2 * k + 1]!),
          within: within === null ? null : within * scale,
        })),
      };
    }),
  };
}
