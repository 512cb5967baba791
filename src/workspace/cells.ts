/** Labels and their authors as the tables hold them. */
import type { Label } from '../domain/label.ts';
import { isPlaced, labelStates } from '../domain/label.ts';

/** One cell of the matrix of images and keypoints. */
export interface Cell {
  readonly imageId: number;
  readonly keypoint: number;
}

/** Who or what a change, or the place of a label, is due to. */
export interface Actor {
  readonly kind: 'human' | 'import' | 'mirror' | 'model-run' | 'shape' | 'copy';
  /** The person; the import's or run's number; the keypoint mirrored; the image copied from. */
  readonly name: string;
}

/** A label as three columns: position in labelStates, and the place where there is one. */
export type StoredLabel = readonly [state: number, x: number | null, y: number | null];

/** A cell with its label and whom it is due to, as the tables hold them. */
export type StoredCell = readonly [
  imageId: number,
  keypoint: number,
  ...StoredLabel,
  authorId: number | null,
];

export function toStored(label: Label): StoredLabel {
  const state = labelStates.indexOf(label.state);
  return isPlaced(label) ? [state, label.x, label.y] : [state, null, null];
}

export function fromStored(state: number, x: number | null, y: number | null): Label {
  const name = labelStates[state]!;
  return name === 'visible' || name === 'occluded' ? { state: name, x: x!, y: y! } : { state: name };
}
