/** What there is to choose a filter from. */
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import type { Disputes } from './disputes.ts';
import { predictingRun, rowsOfSource, splitRun } from './filter.ts';

/** Authors that have the most labels: there is one for each image that points were copied from. */
const mostAuthors = 200;

/** @param catalogue whole */
export function facetsOf(workspace: Workspace, catalogue: Catalogue, disputes: Disputes) {
  const { sources, labels } = workspace;
  const { groups, groupSizes } = catalogue;
  return {
    authors: [...imagesByAuthor(catalogue)]
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostAuthors)
      .map(([id, images]) => ({ ...labels.author(id), images })),
    sources: sources
      .list()
      .filter(({ kind }) => kind !== 'lookup')
      .map(({ id, fileName, kind }) => ({
        id,
        file: fileName,
        kind,
        images: rowsOfSource(id, workspace, catalogue).filter((of) => of === 1).length,
      })),
    duplicateGroups: new Set(groups.filter((_, row) => groupSizes[row]! > 1)).size,
    disputed: disputes.images().size,
    splitRun: splitRun(workspace)?.id ?? null,
    predictedRun: predictingRun(workspace)?.id ?? null,
  };
}

/** How many images have a label that is due to each, or that they accepted. */
function imagesByAuthor({ ids, keypoints, authors, acceptors }: Catalogue): Map<number, number> {
  const images = new Map<number, number>();
  const lastRow = new Map<number, number>();
  const add = (author: number, row: number) => {
    if (author === 0 || lastRow.get(author) === row) return;
    lastRow.set(author, row);
    images.set(author, (images.get(author) ?? 0) + 1);
  };
  for (let cell = 0; cell < ids.length * keypoints; cell++) {
    const row = Math.floor(cell / keypoints);
    add(authors[cell]!, row);
    add(acceptors[cell]!, row);
  }
  return images;
}
