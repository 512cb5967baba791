/** What a run's errors add up to: by keypoint, by side, beside people, and by what a picture is like. */
import { heldStates, type ReviewSummary } from '../contract/review.ts';
import { cumulativeErrors } from '../domain/metrics.ts';
import { poseOf } from '../domain/pose.ts';
import { fitOf, networkInput } from '../ml/training/fit.ts';
import { keypointIndex } from '../domain/schema.ts';
import type { Run } from '../workspace/runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Catalogue } from './catalogue.ts';
import { lightOf } from './light.ts';
import { type Placed, placedImages, residualsOf } from './residuals.ts';
import type { Matching } from './selections.ts';

/** Pixels of the cumulative curve: quarters up to 10. */
const limits = Array.from({ length: 41 }, (_, i) => i / 4);
/** Parts of equal size that images are dealt into by what a picture is like. */
const parts = 5;
const fewestImages = 20;

/** @param matching with a catalogue that is whole */
export async function reviewSummary(
  { workspace, catalogue, rows }: Matching,
  run: Run,
  signal: AbortSignal | undefined,
): Promise<ReviewSummary> {
  const placed = placedImages(workspace, run, catalogue);
  const residuals = residualsOf(placed, catalogue);
  const outputs = 2 * catalogue.keypoints;
  const judged = [...rows.keys()].filter(
    (row) => rows[row] === 1 && !residuals.subarray(row * outputs, (row + 1) * outputs).every(Number.isNaN),
  );
  const distances = judged.flatMap((row) => distancesOf(residuals, row, catalogue.keypoints));
  const light = await lightOf(workspace, catalogue, judged, signal);
  const poses = judged.map((row) =>
    poseOf(workspace.schema, placed.points.subarray(row * outputs, (row + 1) * outputs)),
  );
  const errors = judged.map((row) => errorsOf(residuals, row, catalogue.keypoints));
  const factor = (name: ReviewSummary['factors'][number]['name'], values: (number | undefined)[]) => ({
    name,
    bins: binsOf(values, errors),
  });
  return {
    images: judged.length,
    held: heldCounts(placed, judged),
    rmse: rmseOf(errors),
    keypoints: Array.from({ length: catalogue.keypoints }, (_, k) =>
      keypointOf(catalogue, residuals, judged, k),
    ),
    sides: sidesOf(workspace, catalogue, placed, judged),
    cumulative: cumulativeOf(distances),
    floor: floorOf(workspace),
    factors: [
      factor(
        'sharpness',
        judged.map((row) => light.sharpness[row]),
      ),
      factor(
        'brightness',
        judged.map((row) => light.brightness[row]),
      ),
      factor(
        'turn',
        poses.map((pose) => pose?.turn),
      ),
      factor(
        'tilt',
        poses.map((pose) => pose?.tilt),
      ),
    ].filter(({ bins }) => bins.length > 0),
  };
}

interface Errors {
  readonly squares: number;
  readonly count: number;
}

function errorsOf(residuals: Float32Array, row: number, keypoints: number): Errors {
  let [squares, count] = [0, 0];
  for (let i = 2 * row * keypoints; i < 2 * (row + 1) * keypoints; i++) {
    if (Number.isNaN(residuals[i]!)) continue;
    squares += residuals[i]! ** 2;
    count++;
  }
  return { squares, count };
}

/** Pooled, as the competition scores. */
function rmseOf(errors: readonly Errors[]): number | null {
  let [squares, count] = [0, 0];
  for (const own of errors) [squares, count] = [squares + own.squares, count + own.count];
  return count === 0 ? null : Math.sqrt(squares / count);
}

function distancesOf(residuals: Float32Array, row: number, keypoints: number): number[] {
  const distances: number[] = [];
  for (let cell = row * keypoints; cell < (row + 1) * keypoints; cell++) {
    const distance = Math.hypot(residuals[2 * cell]!, residuals[2 * cell + 1]!);
    if (!Number.isNaN(distance)) distances.push(distance);
  }
  return distances;
}

const cumulativeOf = (distances: readonly number[]) =>
  distances.length === 0
    ? []
    : cumulativeErrors(distances, limits).map((share, i) => ({ pixels: limits[i]!, share }));

function heldCounts({ held }: Placed, judged: readonly number[]): ReviewSummary['held'] {
  const counts = { unseen: 0, training: 0, validation: 0 };
  for (const row of judged) counts[heldStates[held[row]!]!]++;
  return counts;
}

function keypointOf(
  catalogue: Catalogue,
  residuals: Float32Array,
  judged: readonly number[],
  k: number,
): ReviewSummary['keypoints'][number] {
  const labelled = judged.filter((row) => !Number.isNaN(residuals[2 * (row * catalogue.keypoints + k)]!));
  if (labelled.length === 0) return { labels: 0, rmse: null, bias: null, spread: null, place: null };
  const along = (axis: 0 | 1) => {
    const values = labelled.map((row) => residuals[2 * (row * catalogue.keypoints + k) + axis]!);
    const mean = sum(values) / values.length;
    return { mean, deviation: Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length) };
  };
  const share = (axis: 0 | 1) =>
    sum(
      labelled.map((row) => {
        const { width, height } = catalogue.sizeOf(row);
        return (
          (catalogue.points[2 * (row * catalogue.keypoints + k) + axis]! + 0.5) / (axis ? height : width)
        );
      }),
    ) / labelled.length;
  const [x, y] = [along(0), along(1)];
  return {
    labels: labelled.length,
    rmse: Math.sqrt((x.mean ** 2 + x.deviation ** 2 + y.mean ** 2 + y.deviation ** 2) / 2),
    bias: { x: x.mean, y: y.mean },
    spread: { x: x.deviation, y: y.deviation },
    place: { x: share(0), y: share(1) },
  };
}

function sidesOf(
  { schema }: Workspace,
  catalogue: Catalogue,
  { points }: Placed,
  judged: readonly number[],
): ReviewSummary['sides'] {
  return schema.mirrorPairs.map((pair) => {
    const [l, r] = pair.map((name) => keypointIndex(schema, name)) as [number, number];
    const between = (row: number, label: number, prediction: number) => {
      const [a, b] = [row * catalogue.keypoints + label, row * catalogue.keypoints + prediction];
      return Math.hypot(
        catalogue.points[2 * a]! - points[2 * b]!,
        catalogue.points[2 * a + 1]! - points[2 * b + 1]!,
      );
    };
    const both = judged.filter((row) => !Number.isNaN(between(row, l, l) + between(row, r, r)));
    const swapped = both.filter(
      (row) => between(row, l, r) + between(row, r, l) < between(row, l, l) + between(row, r, r),
    );
    return { keypoints: [l, r], images: both.length, swapped: swapped.map((row) => catalogue.ids[row]!) };
  });
}

/** What people's own second answers are off, in pixels of the network's input. */
function floorOf({ relabels, images }: Workspace): ReviewSummary['floor'] {
  const answers = relabels.list();
  const distances = answers.map(
    ({ imageId, x, y, label }) =>
      Math.hypot(x - label.x, y - label.y) * fitOf(images.get(imageId)!, networkInput).scale,
  );
  if (distances.length === 0) return null;
  return {
    answers: answers.length,
    rmse: Math.sqrt(sum(distances.map((distance) => distance ** 2)) / (2 * distances.length)),
    cumulative: cumulativeOf(distances),
  };
}

/** Images in their order by a value, in parts of equal size. */
function binsOf(
  values: readonly (number | undefined)[],
  errors: readonly Errors[],
): ReviewSummary['factors'][number]['bins'] {
  const order = [...values.keys()]
    .filter((i) => values[i] !== undefined && Number.isFinite(values[i]))
    .sort((a, b) => values[a]! - values[b]!);
  if (order.length < fewestImages) return [];
  return Array.from({ length: parts }, (_, part) => {
    const own = order.slice((part * order.length) / parts, ((part + 1) * order.length) / parts);
    return {
      low: values[own[0]!]!,
      high: values[own.at(-1)!]!,
      images: own.length,
      rmse: rmseOf(own.map((i) => errors[i]!))!,
    };
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
