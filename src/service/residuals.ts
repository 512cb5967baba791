/** What a run says of every image, beside the labels as they are now. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Points } from '../domain/points.ts';
import { readTrial, validationFile } from '../ml/evaluation/trial-file.ts';
import { type AnyConfig, isEnsemble } from '../ml/training/config.ts';
import { fitOf, networkInput } from '../ml/training/fit.ts';
import { splitFile, type SplitFile } from '../ml/training/split-file.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { inPicture } from './run-view.ts';

/** Rows are the catalogue's. */
export interface Placed {
  /** [rows, keypoints, 2] in pixels of the image; NaN where the run has said nothing. */
  readonly points: Points;
  /** [rows, keypoints] in pixels of the image; NaN where it is not known how far passes are apart. */
  readonly spread: Float32Array;
  /** [rows]: positions in heldStates. */
  readonly held: Uint8Array;
}

const [unseen, training, validation] = [0, 1, 2] as const; // positions in heldStates

const known = new WeakMap<Catalogue, { readonly key: string; readonly placed: Placed }>();

/** Kept until the run has said more, or of another run. @param run finished */
export function placedImages(workspace: Workspace, run: Run, catalogue: Catalogue): Placed {
  const key = `${run.id} ${workspace.predictions.imageIds(run.id, { withSpread: true }).length}`;
  const before = known.get(catalogue);
  if (before?.key === key) return before.placed;
  const placed = readPlaced(workspace, run, catalogue);
  known.set(catalogue, { key, placed });
  return placed;
}

function readPlaced(workspace: Workspace, run: Run, catalogue: Catalogue): Placed {
  const { keypoints, ids } = catalogue;
  const points = new Float32Array(2 * keypoints * ids.length).fill(NaN);
  const spread = new Float32Array(keypoints * ids.length).fill(NaN);
  const held = new Uint8Array(ids.length).fill(unseen);
  const directory = workspace.runs.directoryOf(run);

  for (const id of learnedFrom(workspace, run)) held[catalogue.rowOf(id)] = training;
  const trial = readTrial(join(directory, validationFile));
  trial?.imageIds.forEach((id, at) => {
    const row = catalogue.rowOf(id);
    held[row] = validation;
    const own = trial.predicted.subarray(2 * keypoints * at, 2 * keypoints * (at + 1));
    inPicture(workspace, id, [...own]).forEach(({ x, y }, k) => {
      points.set([x, y], 2 * (row * keypoints + k));
    });
  });
  for (const said of workspace.predictions.all(run.id)) {
    const row = catalogue.rowOf(said.imageId);
    points.set(said.points, 2 * row * keypoints);
    if (said.spread) spread.set(said.spread, row * keypoints);
  }
  return { points, spread, held };
}

/** Images that the run, or a member of it, has learned from. */
function learnedFrom(workspace: Workspace, run: Run): number[] {
  const config = run.config as AnyConfig;
  const runs = isEnsemble(config) ? config.members.flatMap((id) => workspace.runs.get(id) ?? []) : [run];
  return runs.flatMap((member) => {
    const file = join(workspace.runs.directoryOf(member), splitFile);
    if (!existsSync(file)) return [];
    const { imageIds, training } = JSON.parse(readFileSync(file, 'utf8')) as SplitFile;
    return training.map((position) => imageIds[position]!);
  });
}

/** From labels to where the run places them, [rows, keypoints, 2] in pixels of the network's input; NaN where either is missing. */
export function residualsOf({ points }: Placed, catalogue: Catalogue): Float32Array {
  const residuals = new Float32Array(points.length);
  const outputs = 2 * catalogue.keypoints;
  for (let row = 0; row < catalogue.ids.length; row++) {
    const { scale } = fitOf(catalogue.sizeOf(row), networkInput);
    for (let i = row * outputs; i < (row + 1) * outputs; i++)
      residuals[i] = (points[i]! - catalogue.points[i]!) * scale;
  }
  return residuals;
}
