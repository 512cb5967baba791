/** In which order images stand. Equal ones stand as they were added. */
import type { ImageOrder } from '../contract/cells.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { worthOfCells } from './next.ts';
import type { Shapes } from './shapes.ts';

/** Keypoints that alone count: where a label is still to be made, and where those that there are, are judged. */
export interface Counted {
  readonly toLabel?: number | undefined;
  readonly judged?: number | undefined;
}

/** @returns every row of the catalogue */
export async function orderedRows(
  order: ImageOrder,
  reversed: boolean,
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
  counted: Counted,
): Promise<Int32Array> {
  const rows =
    order === 'added'
      ? allRows(catalogue.ids.length)
      : sortedBy(await keysOf(order, workspace, catalogue, shapes, counted));
  return reversed ? rows.reverse() : rows;
}

/** [rows], integers, the smallest first. */
async function keysOf(
  order: Exclude<ImageOrder, 'added'>,
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
  { toLabel, judged }: Counted,
): Promise<Float64Array> {
  switch (order) {
    case 'next': {
      const { scores } = await worthOfCells(workspace, catalogue, shapes);
      return worthOfImages(scores, catalogue, toLabel).map((worth) => -Math.round(1000 * worth));
    }
    case 'missing':
      return new Float64Array(catalogue.missing).map((count) => -count);
    case 'outlier':
      return strangestFirst(await shapes.deviations(catalogue), catalogue, judged);
    case 'changed':
      return catalogue.lastEntries(workspace).map((entryId) => -entryId);
    case 'similar':
      return catalogue.fact('first alike', () => firstAlike(workspace, catalogue));
  }
}

/** [rows]: of an image's missing cells on average, because each takes a person as long. */
function worthOfImages(
  scores: Float64Array,
  { keypoints, missing, ids }: Catalogue,
  keypoint: number | undefined,
): Float64Array {
  return Float64Array.from(ids, (_, row) => {
    if (keypoint !== undefined) return scores[row * keypoints + keypoint]!;
    let sum = 0;
    for (let k = 0; k < keypoints; k++) sum += scores[row * keypoints + k]!;
    return sum / Math.max(1, missing[row]!);
  });
}

/** [rows] @param deviations [rows, keypoints] */
function strangestFirst(
  deviations: Float32Array,
  { keypoints, ids }: Catalogue,
  judged: number | undefined,
): Float64Array {
  const [first, end] = judged === undefined ? [0, keypoints] : [judged, judged + 1];
  const keys = new Float64Array(ids.length);
  for (let row = 0; row < keys.length; row++) {
    let most = 0;
    for (let k = first; k < end; k++) most = Math.max(most, deviations[row * keypoints + k]!);
    keys[row] = -Math.round(1000 * most);
  }
  return keys;
}

/** By key, then row. Key and row as one number: sorting numbers is ten times as fast as comparing rows. */
function sortedBy(keys: Float64Array): Int32Array {
  const rows = keys.length;
  const sorted = keys.map((key, row) => key * rows + row).sort();
  return new Int32Array(sorted.map((value) => value - Math.floor(value / rows) * rows));
}

/** The first row of those that near duplicates and named groups hold together with each. */
function firstAlike({ sources }: Workspace, catalogue: Catalogue): Float64Array {
  const parents = Int32Array.from(catalogue.groups, (id) => catalogue.rowOf(id));
  const rootOf = (row: number) => {
    let root = row;
    while (parents[root] !== root) root = parents[root]!;
    parents[row] = root;
    return root;
  };
  for (const group of sources.namedGroups()) {
    const roots = group.map((imageId) => rootOf(catalogue.rowOf(imageId)));
    const first = Math.min(...roots);
    for (const root of roots) parents[root] = first;
  }
  return Float64Array.from(parents.keys(), rootOf);
}

/** In the order in which they were added. Through an iterator it would take ten times as long. */
function allRows(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
