/** Counts for the first screen. */
import type { WorkspaceInfo, WorkspaceOutline } from '../contract/workspace.ts';
import { labelStates } from '../domain/label.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { rowsOfKind } from './filter.ts';
import { matrixOf } from './matrix.ts';

export function workspaceOutline({ directory, images, schema }: Workspace): WorkspaceOutline {
  const { id, title, keypoints, mirrorPairs, skeleton } = schema;
  return {
    directory,
    schema: {
      id,
      title,
      keypoints: [...keypoints],
      mirrorPairs: mirrorPairs.map(([left, right]) => [left, right]),
      skeleton: skeleton.map(([from, to]) => [from, to]),
    },
    images: images.count(),
  };
}

export function workspaceInfo(workspace: Workspace, catalogue: Catalogue): WorkspaceInfo {
  const rows = rowsOfKind('training', workspace, catalogue);
  const completeness = matrixOf({ catalogue, rows }).keypoints;
  const alike = catalogue.groups.filter((_, row) => catalogue.groupSizes[row]! > 1);
  return {
    ...workspaceOutline(workspace),
    trainingImages: rows.filter((training) => training === 1).length,
    completeImages: allPlaced(catalogue, rows),
    completeness: workspace.schema.keypoints.map((keypoint, k) => ({ keypoint, states: completeness[k]! })),
    duplicates: { groups: new Set(alike).size, images: alike.length },
    sources: workspace.sources.list().map(({ id, kind, fileName }) => ({
      id,
      kind,
      file: fileName,
      rows: kind === 'lookup' ? workspace.submissions.lookup().length : workspace.sources.rowCount(id),
    })),
    runs: workspace.runs.list().length,
  };
}

function allPlaced({ keypoints, states, missing }: Catalogue, rows: Uint8Array): number {
  const absent = labelStates.indexOf('absent');
  return rows.filter(
    (training, row) =>
      training === 1 &&
      missing[row] === 0 &&
      !states.subarray(row * keypoints, (row + 1) * keypoints).includes(absent),
  ).length;
}
