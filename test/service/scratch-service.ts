/** Services on workspaces that vanish after the test: three keypoints, pictures of 4 x 4 pixels. */
import { onTestFinished } from 'vitest';
import type { ImageView } from '../../src/contract/images.ts';
import type { LabelChange } from '../../src/contract/labels.ts';
import type { Label } from '../../src/domain/label.ts';
import type { Client, Service } from '../../src/service/service.ts';
import { openService } from '../../src/service/service.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, openScratch, scratchDirectory } from '../workspace/scratch.ts';

/** @param fill is given the new workspace before the service has it */
export function openScratchService(fill: (workspace: Workspace) => void, directory = scratchDirectory()) {
  const workspace = openScratch(directory);
  fill(workspace);
  workspace.close();
  const service = openService(directory);
  onTestFinished(() => service.close());
  return service;
}

/** Images 1, 2, 3, ... without any label. */
export const pictures = (count: number) => (workspace: Workspace) => {
  workspace.transaction(() => {
    for (let i = 1; i <= count; i++) addPicture(workspace, i);
  });
};

/** As another person, or another window of the same one. */
export function clientOf(service: Service, user: string, client = user): Client {
  return service.clientOf({ user, client });
}

export const missing = { state: 'missing' } as const;
export const visible = (x: number, y: number) => ({ state: 'visible', x, y }) as const;
export const absent = { state: 'absent' } as const;

/** A change of a cell that is missing, unless `before` says otherwise. */
export function change(
  imageId: number,
  keypoint: number,
  after: Label,
  before: Label = missing,
): LabelChange {
  return { imageId, keypoint, after, before };
}

export const idsOf = (images: readonly Pick<ImageView, 'id'>[]) => images.map(({ id }) => id);
