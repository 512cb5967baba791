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

/** A cell with its label, whom it is due to, and who accepted it where that is a proposal. */
export type StoredCell = readonly [
  imageId: number,
  keypoint: number,
  ...StoredLabel,
  authorId: number | null,
  acceptedBy: number | null,
];

/**
 * SQL for `acceptedBy`: whose edit left a cell as it is, where its place is due to neither a person nor an import.
 * @param table whose columns image_id and keypoint tell the cell
 * @param held its columns of the label: `` or `after_` before state, x and y, and the author's in full
 */
export function acceptedBy(table: string, held: '' | 'after_', author: string): string {
  return `iif(${table}.${author} IN (SELECT id FROM author WHERE kind NOT IN ('human', 'import')),
    (SELECT actor_id FROM entry AS made JOIN change ON change.id = made.change_id AND change.kind = 'edit'
     WHERE made.image_id = ${table}.image_id AND made.keypoint = ${table}.keypoint
       AND made.after_author = ${table}.${author} AND made.after_state = ${table}.${held}state
       AND made.after_x IS ${table}.${held}x AND made.after_y IS ${table}.${held}y
     ORDER BY made.id DESC LIMIT 1), NULL)`;
}

export function toStored(label: Label): StoredLabel {
  const state = labelStates.indexOf(label.state);
  return isPlaced(label) ? [state, label.x, label.y] : [state, null, null];
}

export function fromStored(state: number, x: number | null, y: number | null): Label {
  const name = labelStates[state]!;
  return name === 'visible' || name === 'occluded' ? { state: name, x: x!, y: y! } : { state: name };
}
