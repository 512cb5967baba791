/** Counts and pages of images for the first screen. */
import type { ImageView, WorkspaceInfo } from '../contract/workspace.ts';
import type { Label } from '../domain/label.ts';
import { isPlaced } from '../domain/label.ts';
import type { Workspace } from '../workspace/workspace.ts';

export function workspaceInfo(workspace: Workspace): WorkspaceInfo {
  const training = workspace.sources.imageIds('training');
  const completeness = workspace.schema.keypoints.map((keypoint) => ({
    keypoint,
    states: { missing: 0, visible: 0, occluded: 0, absent: 0 },
  }));
  let completeImages = 0;
  for (const imageId of training) {
    const labels = workspace.labels.of(imageId);
    labels.forEach((label, keypoint) => completeness[keypoint]!.states[label.state]++);
    if (labels.every(isPlaced)) completeImages++;
  }
  const groups = workspace.images.duplicateGroups();
  const { id, title, keypoints, mirrorPairs, skeleton } = workspace.schema;
  return {
    directory: workspace.directory,
    schema: {
      id,
      title,
      keypoints: [...keypoints],
      mirrorPairs: mirrorPairs.map(([left, right]) => [left, right]),
      skeleton: skeleton.map(([from, to]) => [from, to]),
    },
    images: workspace.images.count(),
    trainingImages: training.size,
    completeImages,
    completeness,
    duplicates: { groups: groups.length, images: groups.flat().length },
    sources: workspace.sources.list().map(({ id, kind, fileName }) => ({
      id,
      kind,
      file: fileName,
      rows: kind === 'lookup' ? workspace.submissions.lookup().length : workspace.sources.rows(id).length,
    })),
    runs: workspace.runs.list().length,
  };
}

/** Images in the order in which they were added. */
export function imagePage(
  workspace: Workspace,
  offset: number,
  limit: number,
): { total: number; images: ImageView[] } {
  const ids = workspace.images.ids();
  const images = ids.slice(offset, offset + limit).map((id) => {
    const { sha256, width, height } = workspace.images.get(id)!;
    return { id, sha256, width, height, labels: workspace.labels.of(id).map(viewLabel) };
  });
  return { total: ids.length, images };
}

const viewLabel = (label: Label): ImageView['labels'][number] => ({ ...label });
