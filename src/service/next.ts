/**
 * What labelling each missing cell is expected to give the score: the uncertainty about its place, times how often its
 * keypoint is asked for, over how many labels the keypoint has.
 */
import { setImmediate } from 'node:timers/promises';
import { predictFromPlaced } from '../domain/shape-model.ts';
import { fitOf, networkInput } from '../ml/training/fit.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { certaintiesOf } from './certainty.ts';
import { rowsOfKind } from './filter.ts';
import type { Shapes } from './shapes.ts';

/** Images in one step, in which nothing else goes on. */
const step = 500;
/** In pixels, where nothing is known of a place but that it is on a face. */
const unknown = 10;

export interface CellWorth {
  /** [rows, keypoints]: the product; 0 where the cell is not missing, or its image is none to train on. */
  readonly scores: Float64Array;
  /** [rows, keypoints]: RMSE expected of the place, in pixels of the network's input. */
  readonly uncertainties: Float32Array;
  /** [keypoints]: values that a submission must give; all 1 where none is asked for. */
  readonly asked: readonly number[];
  /** [keypoints]: images to train on that have it. */
  readonly labels: readonly number[];
}

/** The last answers: a screen asks for several parts of the same order. */
const known = new WeakMap<Catalogue, { readonly key: string; readonly worth: CellWorth }>();

export async function worthOfCells(
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
): Promise<CellWorth> {
  const run = workspace.runs.list().find(({ status }) => status === 'finished');
  const key = `${catalogue.position} ${run?.id} ${run ? workspace.predictions.imageIds(run.id).length : 0}`;
  const before = known.get(catalogue);
  if (before?.key === key) return before.worth;
  const uncertainties = await uncertaintiesOf(workspace, catalogue, shapes, run?.id);
  const training = rowsOfKind('training', workspace, catalogue);
  const { asked, labels } = demandOf(workspace, catalogue, training);
  const { keypoints, states, ids } = catalogue;
  const meanAsked = asked.reduce((sum, count) => sum + count, 0) / keypoints;
  const scores = Float64Array.from(states, (state, cell) => {
    const k = cell % keypoints;
    if (state !== 0 || training[(cell - k) / keypoints] === 0) return 0;
    return (uncertainties[cell]! * (asked[k]! / meanAsked) * ids.length) / (1 + labels[k]!);
  });
  const worth = { scores, uncertainties, asked, labels };
  known.set(catalogue, { key, worth });
  return worth;
}

/** How often each keypoint is asked for, and how many labels it has to learn from. */
function demandOf({ submissions }: Workspace, catalogue: Catalogue, training: Uint8Array) {
  const { keypoints, states, ids } = catalogue;
  const asked = Array.from({ length: keypoints }, () => 0);
  for (const { keypoint } of submissions.lookup()) asked[keypoint]! += 1;
  if (!asked.some(Boolean)) asked.fill(1);
  const labels = new Array<number>(keypoints).fill(0);
  for (let row = 0; row < ids.length; row++) {
    if (training[row] !== 1) continue;
    for (let k = 0; k < keypoints; k++) {
      const state = states[row * keypoints + k];
      if (state === 1 || state === 2) labels[k]!++;
    }
  }
  return { asked, labels };
}

/**
 * Where the run has placed the keypoint: how far off its validation finds such places; else how well the image's other
 * points tell the place.
 */
async function uncertaintiesOf(
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
  runId: number | undefined,
): Promise<Float32Array> {
  const { keypoints, states, missing, ids } = catalogue;
  const uncertainties = new Float32Array(states.length).fill(unknown);
  const { model } = await shapes.get();
  await catalogue.placesRead;
  for (let row = 0; row < ids.length; row++) {
    if (row % step === step - 1) await setImmediate();
    if (missing[row] === 0) continue;
    const size = catalogue.sizeOf(row);
    const { scale } = fitOf(size, networkInput);
    predictFromPlaced(model, catalogue.pointsOf(row), size).forEach((guess, k) => {
      if (guess) uncertainties[row * keypoints + k] = guess.expectedError * scale;
    });
  }
  if (runId === undefined) return uncertainties;
  const run = workspace.runs.get(runId)!;
  for (const { imageId, spread } of workspace.predictions.all(runId)) {
    const row = catalogue.rowOf(imageId);
    const size = catalogue.sizeOf(row);
    const { scale } = fitOf(size, networkInput);
    certaintiesOf(workspace, run, size, spread).forEach(({ expectedError }, k) => {
      if (expectedError !== null) uncertainties[row * keypoints + k] = expectedError * scale;
    });
  }
  return uncertainties;
}
