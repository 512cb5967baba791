/** What training and evaluation need of a workspace, in the form that they work on. */
import { labelStates } from '../domain/label.ts';
import { InputProblem } from '../domain/problem.ts';
import { fitOf, networkInput, pointsToInput } from '../ml/training/fit.ts';
import type { Dataset } from '../ml/training/dataset.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { picturesOf } from './pictures.ts';

/**
 * Every image that has a keypoint in the snapshot. Its pictures are read from the workspace, which has to stay open.
 * @throws InputProblem when there is no such snapshot or none of its images has a keypoint.
 */
export function loadDataset(workspace: Workspace, snapshot: string): Dataset {
  const { schema, images, snapshots } = workspace;
  const input = networkInput;
  const outputs = 2 * schema.keypoints.length;

  if (!snapshots.get(snapshot)) throw new InputProblem('There is no such snapshot.', { found: snapshot });
  const ids = images.ids();
  const all = snapshots.points(snapshot, ids);
  const labelled = rowsWithValues(all, outputs);
  if (labelled.length === 0)
    throw new InputProblem('No image has a keypoint yet.', {
      hint: 'Import a training table, or place keypoints by hand.',
    });

  const imageIds = labelled.map((i) => ids[i]!);
  const shared = new Int32Array(new SharedArrayBuffer(4 * imageIds.length));
  shared.set(imageIds);
  const points = new Float32Array(new SharedArrayBuffer(4 * imageIds.length * outputs));
  imageIds.forEach((id, row) => {
    const at = labelled[row]! * outputs;
    const fitted = pointsToInput(all.subarray(at, at + outputs), fitOf(images.get(id)!, input));
    points.set(fitted, row * outputs);
  });
  return {
    schema,
    input,
    imageIds,
    pictures: picturesOf(workspace, shared),
    points,
    together: findTogether(workspace, imageIds),
    asked: findAsked(workspace),
  };
}

/** @param values [rows, columns]; @returns the rows that are not all NaN */
function rowsWithValues(values: Float32Array, columns: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const row = Math.floor(at / columns);
    if (!Number.isNaN(values[at]!) && found.at(-1) !== row) found.push(row);
  }
  return found;
}

/** Pairs of near duplicates, and of images that one name in a group column holds together. */
function findTogether({ images, sources }: Workspace, imageIds: readonly number[]): [number, number][] {
  const positions = new Map<number, number>();
  imageIds.forEach((id, position) => positions.set(id, position));
  return [...images.duplicateGroups(), ...sources.namedGroups()].flatMap((group) => {
    const [first, ...others] = group.flatMap((id) => positions.get(id) ?? []);
    return others.map((other): [number, number] => [first!, other]);
  });
}

/** How many values the lookup table asks for of images that it asks for whole, and of the others. */
function findAsked({ submissions, schema }: Workspace): Dataset['asked'] {
  const lookup = submissions.lookup();
  if (lookup.length === 0) return null;
  const asked = { complete: 0, partial: 0 };
  for (const rows of Map.groupBy(lookup, ({ imageKey }) => imageKey).values())
    asked[rows.length >= 2 * schema.keypoints.length ? 'complete' : 'partial'] += rows.length;
  return asked;
}

/** Images that a network places points on when it is done: those of test tables, and those that lack a point, to propose it. */
export function imagesToPlace({ sources, images, labels, schema }: Workspace): number[] {
  const ids = images.ids();
  const states = labels.states(Int32Array.from(ids));
  const keypoints = schema.keypoints.length;
  const missing = labelStates.indexOf('missing');
  const test = sources.imageIds('test');
  return ids.filter(
    (id, row) => test.has(id) || states.subarray(row * keypoints, (row + 1) * keypoints).includes(missing),
  );
}
