/** Labels that are probably wrong: each beside what has not learned from it. */
import { setImmediate } from 'node:timers/promises';
import { join } from 'node:path';
import type { SuspectView } from '../contract/suspects.ts';
import type { Points } from '../domain/points.ts';
import { strangeness } from '../domain/shape-model.ts';
import { rankSuspects, type Suspect } from '../domain/suspects.ts';
import { outOfFoldFile, readTrial, validationFile } from '../ml/evaluation/trial-file.ts';
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import { fitOf, networkInput, pointsToInput } from '../ml/training/fit.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue, CatalogueShelf } from './catalogue.ts';
import type { WorkspaceHolder } from './holder.ts';
import { viewImage } from './image-views.ts';
import { placedBy } from './placed.ts';
import { inPicture } from './run-view.ts';
import type { Shapes } from './shapes.ts';
import type { Supervisor } from './supervisor.ts';

/** Images in one step, in which nothing else goes on. */
const step = 500;

interface Parts {
  readonly holder: WorkspaceHolder;
  readonly shelf: CatalogueShelf;
  readonly shapes: Shapes;
  readonly supervisor: Supervisor;
}

/** What says where keypoints are in images that it has not learned from. */
interface Source {
  /** Null for PCA + ridge. */
  readonly runId: number | null;
  /** [rows, keypoints, 2] of the catalogue, in pixels of the network's input; NaN for all other images. */
  readonly predicted: Points;
  readonly images: number;
}

/** @param run finished */
export async function listSuspects(
  { holder, shelf, shapes, supervisor }: Parts,
  run: Run,
  limit: number,
  signal: AbortSignal | undefined,
) {
  const folder = holder.read().runs.directoryOf(run);
  if (!readTrial(join(folder, outOfFoldFile))) await supervisor.placeOutOfFold(run, signal);
  const { model } = await shapes.get();
  const catalogue = await shelf.whole();
  const workspace = holder.read();
  const { keypoints } = catalogue;
  const sources = sourcesFor(workspace, run, catalogue);

  const labels = new Float32Array(catalogue.points.length);
  const deviations = new Float32Array(catalogue.states.length);
  for (let row = 0; row < catalogue.ids.length; row++) {
    if (row % step === step - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const [points, size] = [catalogue.pointsOf(row), catalogue.sizeOf(row)];
    labels.set(pointsToInput(points, fitOf(size, networkInput)), 2 * row * keypoints);
    strangeness(model, points, size).forEach((strange, k) => {
      deviations[row * keypoints + k] = strange?.deviations ?? 0;
    });
  }

  const ranked = rankSuspects(workspace.schema, {
    labels,
    sources: sources.map(({ predicted }) => predicted),
    deviations,
    isSettled: settledCells(workspace, catalogue),
  });
  const files = new Map(workspace.sources.list().map(({ id, fileName }) => [id, fileName]));
  const view = (suspect: Suspect): SuspectView => {
    const { image: row, kind, keypoint, score, pixels, usual, source } = suspect;
    const imageId = catalogue.ids[row]!;
    const own = sources[source]!.predicted.subarray(2 * row * keypoints, 2 * (row + 1) * keypoints);
    return {
      image: viewImage(workspace, imageId, model),
      rows: workspace.sources
        .rowsOf(imageId)
        .map(({ sourceId, row }) => ({ file: files.get(sourceId)!, row })),
      ...{ kind, keypoint, score, pixels, usual, source },
      keypoints: [...suspect.keypoints],
      reason: reasonOf(workspace, suspect),
      expected: inPicture(workspace, imageId, [...own]).map((point) =>
        Number.isNaN(point.x) ? null : point,
      ),
      predicted: placedBy(workspace, run, [imageId])[0]!.points,
    };
  };
  return {
    runId: run.id,
    judged: ranked.length,
    sources: sources.map(({ runId, images }) => ({ runId, images })),
    suspects: ranked.slice(0, limit).map(view),
  };
}

/** PCA + ridge for every image of the run's snapshot; this run, and other trainings, for those that they held out. */
function sourcesFor(workspace: Workspace, run: Run, catalogue: Catalogue): Source[] {
  const { runs } = workspace;
  const finished = runs
    .list()
    .filter(({ id, status, config }) => status === 'finished' && (id === run.id || !isEnsemble(config as AnyConfig))); // prettier-ignore
  return [
    sourceFrom(catalogue, null, join(runs.directoryOf(run), outOfFoldFile)),
    ...finished.map((other) =>
      sourceFrom(catalogue, other.id, join(runs.directoryOf(other), validationFile)),
    ),
  ].filter(({ images }) => images > 0);
}

function sourceFrom(catalogue: Catalogue, runId: number | null, file: string): Source {
  const predicted = new Float32Array(catalogue.points.length).fill(NaN);
  const { imageIds, predicted: said } = readTrial(file) ?? { imageIds: [], predicted: new Float32Array() };
  const outputs = 2 * catalogue.keypoints;
  let images = 0;
  imageIds.forEach((id, at) => {
    const row = catalogue.rowOf(id);
    const own = said.subarray(at * outputs, (at + 1) * outputs);
    if (row < 0 || own.every(Number.isNaN)) return;
    predicted.set(own, row * outputs);
    images++;
  });
  return { runId, predicted, images };
}

/** Cells whose label is where somebody has looked at it. */
function settledCells({ verdicts }: Workspace, catalogue: Catalogue) {
  const settled = new Set<number>();
  for (const { imageId, keypoint, x, y } of verdicts.list()) {
    const row = catalogue.rowOf(imageId);
    const [isX, isY] = catalogue.pointsOf(row).subarray(2 * keypoint, 2 * keypoint + 2);
    if (Math.fround(x) === isX && Math.fround(y) === isY) settled.add(row * catalogue.keypoints + keypoint);
  }
  return (row: number, keypoint: number) => settled.has(row * catalogue.keypoints + keypoint);
}

function reasonOf({ schema }: Workspace, suspect: Suspect): string {
  const { kind, keypoint, keypoints, pixels, usual, deviations } = suspect;
  const off = `${schema.keypoints[keypoint]!} is ${pixels.toFixed(1)} px off, usually ${usual.toFixed(1)}`;
  if (kind === 'swapped') return `left and right are swapped: ${off}`;
  if (kind === 'shifted') return `all points are off in the same direction: ${off}`;
  const strange = deviations > 4 ? `; ${deviations.toFixed(0)} deviations from the other points` : '';
  const more = keypoints.length > 1 ? `, and ${keypoints.length - 1} more` : '';
  return `${off}${more}${strange}`;
}
