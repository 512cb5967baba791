/** In which order images stand. Equal ones stand as they were added. */
import type { ImageOrder } from '../contract/cells.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import type { Shapes } from './shapes.ts';

/** @returns every row of the catalogue */
export async function orderedRows(
  order: ImageOrder,
  reversed: boolean,
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
): Promise<Int32Array> {
  const rows =
    order === 'added'
      ? catalogue.ids.map((_, row) => row)
      : sortedBy(await keysOf(order, workspace, catalogue, shapes));
  return reversed ? rows.reverse() : rows;
}

/** [rows], integers, the smallest first. */
async function keysOf(
  order: Exclude<ImageOrder, 'added'>,
  workspace: Workspace,
  catalogue: Catalogue,
  shapes: Shapes,
): Promise<Float64Array> {
  switch (order) {
    case 'missing':
      return new Float64Array(catalogue.missing).map((count) => -count);
    case 'outlier':
      return (await shapes.deviations(catalogue)).map((deviations) => -Math.round(1000 * deviations));
    case 'changed':
      return catalogue.lastEntries(workspace).map((entryId) => -entryId);
    case 'similar':
      return catalogue.fact('first alike', () => firstAlike(workspace, catalogue));
  }
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
