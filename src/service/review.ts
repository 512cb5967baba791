/** A run's predictions beside the labels: which images, in which order. */
import { heldStates, type ReviewedImage, type ReviewRequest } from '../contract/review.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { certaintiesOf } from './certainty.ts';
import { viewImage } from './image-views.ts';
import { type Placed, placedImages, residualsOf } from './residuals.ts';
import type { Matching } from './selections.ts';

type Asked = Pick<ReviewRequest, 'order' | 'keypoint' | 'reversed'>;

/** @param matching with a catalogue that is whole */
export function reviewOrder(matching: Matching, run: Run, asked: Asked) {
  const { workspace, catalogue } = matching;
  const placed = placedImages(workspace, run, catalogue);
  const rows = reviewedRows(matching, placed, residualsOf(placed, catalogue), asked);
  return {
    ids: Array.from(rows, (row) => catalogue.ids[row]!),
    unplaced: unplacedIn(matching, placed),
  };
}

/** Those of which the run has said something. */
export function reviewImages(
  workspace: Workspace,
  catalogue: Catalogue,
  run: Run,
  ids: readonly number[],
): ReviewedImage[] {
  const { keypoints } = catalogue;
  const { points, spread, held } = placedImages(workspace, run, catalogue);
  return ids.flatMap((id): ReviewedImage[] => {
    const row = catalogue.rowOf(id);
    if (row < 0 || Number.isNaN(points[2 * row * keypoints]!)) return [];
    const cells = Array.from({ length: keypoints }, (_, k) => row * keypoints + k);
    const apart = cells.map((cell) => spread[cell]!);
    const view = viewImage(workspace, id, undefined);
    return [
      {
        ...view,
        placed: cells.map((cell) => ({ x: points[2 * cell]!, y: points[2 * cell + 1]! })),
        spread: apart.some(Number.isNaN) ? null : apart,
        within: certaintiesOf(workspace, run, view, apart).map(({ within }) => within),
        held: heldStates[held[row]!]!,
      },
    ];
  });
}

/** Rows of which the run has said something; those that the order says nothing of come last, as they were added. */
function reviewedRows(
  { catalogue, rows }: Pick<Matching, 'catalogue' | 'rows'>,
  placed: Placed,
  residuals: Float32Array,
  { order, keypoint, reversed }: Asked,
): Int32Array {
  const outputs = 2 * catalogue.keypoints;
  const shown = Int32Array.from(rows.keys()).filter(
    (row) => rows[row] === 1 && !Number.isNaN(placed.points[row * outputs]!),
  );
  if (order === 'added') return reversed ? shown.reverse() : shown;
  const keys = new Float64Array(rows.length);
  for (const row of shown) {
    const own =
      order === 'worst'
        ? rmseOfRow(residuals, row, catalogue.keypoints, keypoint)
        : spreadOfRow(placed, row, catalogue.keypoints, keypoint);
    keys[row] = Number.isNaN(own) ? Infinity : reversed ? own : -own;
  }
  return shown.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a]! - keys[b]!));
}

function unplacedIn({ catalogue, rows }: Matching, { spread }: Placed): number {
  let unplaced = 0;
  for (let row = 0; row < rows.length; row++)
    if (rows[row] === 1 && Number.isNaN(spread[row * catalogue.keypoints]!)) unplaced++;
  return unplaced;
}

/** Over the coordinates that have a label, of one keypoint or of all; NaN where none has. */
function rmseOfRow(residuals: Float32Array, row: number, keypoints: number, keypoint?: number): number {
  const first = 2 * (row * keypoints + (keypoint ?? 0));
  const end = first + 2 * (keypoint === undefined ? keypoints : 1);
  let [squares, count] = [0, 0];
  for (let i = first; i < end; i++) {
    const residual = residuals[i]!;
    if (Number.isNaN(residual)) continue;
    squares += residual * residual;
    count++;
  }
  return Math.sqrt(squares / count);
}

function spreadOfRow({ spread }: Placed, row: number, keypoints: number, keypoint?: number): number {
  if (keypoint !== undefined) return spread[row * keypoints + keypoint]!;
  let sum = 0;
  for (let cell = row * keypoints; cell < (row + 1) * keypoints; cell++) sum += spread[cell]!;
  return sum / keypoints;
}
