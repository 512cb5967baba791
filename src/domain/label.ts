/** The state of one (image, keypoint) cell. */

/** `missing`: nobody has said. `occluded`: the place is a guess. `absent`: it cannot be placed. */
export const labelStates = ['missing', 'visible', 'occluded', 'absent'] as const;
export type LabelState = (typeof labelStates)[number];

/** Coordinates are 0-based pixel centres of the original image, x right, y down. */
export type Label =
  | { readonly state: 'missing' }
  | { readonly state: 'visible'; readonly x: number; readonly y: number }
  | { readonly state: 'occluded'; readonly x: number; readonly y: number }
  | { readonly state: 'absent' };

export type PlacedLabel = Extract<Label, { x: number }>;

export const missing: Label = { state: 'missing' };

/** Whether the label has a place, and so counts in loss and metrics. */
export function isPlaced(label: Label): label is PlacedLabel {
  return label.state === 'visible' || label.state === 'occluded';
}

/** [labels, 2] in pixels, NaN where a label has no place. */
export function toPoints(labels: readonly Label[]): Float64Array {
  return Float64Array.from(labels.flatMap((label) => (isPlaced(label) ? [label.x, label.y] : [NaN, NaN])));
}

export function sameLabel(a: Label, b: Label): boolean {
  if (a.state !== b.state) return false;
  return !isPlaced(a) || !isPlaced(b) || (a.x === b.x && a.y === b.y);
}
