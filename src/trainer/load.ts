/** What training and evaluation need of a workspace, in the form that they work on. */
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
  const pointsAt = (i: number) => all.subarray(i * outputs, (i + 1) * outputs);
  const labelled = [...ids.keys()].filter((i) => pointsAt(i).some((value) => !Number.isNaN(value)));
  if (labelled.length === 0)
    throw new InputProblem('No image has a keypoint yet.', {
      hint: 'Import a training table, or place keypoints by hand.',
    });

  const imageIds = labelled.map((i) => ids[i]!);
  const shared = new Int32Array(new SharedArrayBuffer(4 * imageIds.length));
  shared.set(imageIds);
  const points = new Float32Array(new SharedArrayBuffer(4 * imageIds.length * outputs));
  imageIds.forEach((id, row) => {
    points.set(pointsToInput(pointsAt(labelled[row]!), fitOf(images.get(id)!, input)), row * outputs);
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

/** Pairs of near duplicates, and of images that one name in a group column holds together. */
function findTogether({ images, sources }: Workspace, imageIds: readonly number[]): [number, number][] {
  const positions = new Map(imageIds.map((id, position) => [id, position]));
  const named = sources.list().flatMap((source) => {
    const rows = sources.rows(source.id).filter(({ group }) => group !== undefined);
    return [...Map.groupBy(rows, ({ group }) => group).values()].map((group) =>
      group.map(({ imageId }) => imageId),
    );
  });
  return [...images.duplicateGroups(), ...named].flatMap((group) => {
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

/** Images of the test tables, each once. */
export function testImages({ sources }: Workspace): number[] {
  const tables = sources.list().filter(({ kind }) => kind === 'test');
  return [...new Set(tables.flatMap(({ id }) => sources.rows(id).map(({ imageId }) => imageId)))];
}
