/** Workspaces that vanish after the test. Their schema has three keypoints, so that cells can be pictured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import type { KeypointSchema } from '../../src/domain/schema.ts';
import { Workspace } from '../../src/workspace/workspace.ts';

export const threePoints: KeypointSchema = {
  id: 'three-points',
  title: 'Two eyes and a nose',
  keypoints: ['left_eye', 'right_eye', 'nose'],
  mirrorPairs: [['left_eye', 'right_eye']],
  skeleton: [],
};

export const [leftEye, rightEye, nose] = [0, 1, 2] as const;
export const ana = { kind: 'human', name: 'ana' } as const;
export const ben = { kind: 'human', name: 'ben' } as const;
export const firstImport = { kind: 'import', name: '1' } as const;

export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fiducial-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

export function openScratch(directory = scratchDirectory()): Workspace {
  const workspace = Workspace.open(directory, { create: true, schema: threePoints });
  onTestFinished(() => {
    workspace.close();
  });
  return workspace;
}

/** Adds a picture of 4 x 4 pixels that no other number gives. @returns its id */
export function addPicture(workspace: Workspace, number: number): number {
  const pixels = Uint8Array.from({ length: 16 }, (_, i) => (i === number % 16 ? 255 - (number >> 4) : 0));
  return workspace.images.add({ width: 4, height: 4, pixels }).id;
}

export function visible(x: number, y: number): Label {
  return { state: 'visible', x, y };
}
