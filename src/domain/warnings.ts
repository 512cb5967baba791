/** What looks wrong about the labels of one image. Faces are odd sometimes, so these are remarks and never refusals. */
import type { Label } from './label.ts';
import { isPlaced, toPoints } from './label.ts';
import type { KeypointSchema } from './schema.ts';
import { keypointIndex } from './schema.ts';
import type { ShapeModel, Size } from './shape-model.ts';
import { predictFromPlaced, strangest, tooStrange } from './shape-model.ts';

export interface Warning {
  readonly kind: 'swapped' | 'outside' | 'unlikely' | 'together';
  readonly keypoints: readonly number[];
  /** For the person who labels, e.g. `left and right are swapped`. */
  readonly text: string;
}

/** Two points nearer than this are in one place, in pixels of a picture of 96. */
const together = 0.75;
/** Of the face that the other points predict, so much more at each side still belongs to it. */
const rim = 0.35;
/** Fewer points say nothing of one another. */
const leastPoints = 4;

/** @param labels of the image, in the schema's order */
export function warningsOf(
  schema: KeypointSchema,
  model: ShapeModel,
  size: Size,
  labels: readonly Label[],
): Warning[] {
  const swaps = swapped(schema, model, size, labels);
  // Swapped points are far from where they should be, too: that is said once.
  const said = new Set(swaps.flatMap(({ keypoints }) => keypoints));
  return [...swaps, ...inOnePlace(size, labels), ...outOfPlace(model, size, labels, said)];
}

/** Pairs that lie the other way round than in nearly all faces. */
function swapped(
  schema: KeypointSchema,
  model: ShapeModel,
  { width, height }: Size,
  labels: readonly Label[],
): Warning[] {
  return schema.mirrorPairs.flatMap(([left, right]): Warning[] => {
    const [l, r] = [keypointIndex(schema, left), keypointIndex(schema, right)];
    const [from, to] = [labels[l]!, labels[r]!];
    if (!isPlaced(from) || !isPlaced(to)) return [];
    const usual = [
      (model.mean[2 * r]! - model.mean[2 * l]!) * width,
      (model.mean[2 * r + 1]! - model.mean[2 * l + 1]!) * height,
    ] as const;
    const along = (to.x - from.x) * usual[0] + (to.y - from.y) * usual[1];
    return along < 0 ? [{ kind: 'swapped', keypoints: [l, r], text: 'left and right are swapped' }] : [];
  });
}

function inOnePlace(size: Size, labels: readonly Label[]): Warning[] {
  const limit = together * unit(size);
  return labels.flatMap((a, i) =>
    labels.flatMap((b, j): Warning[] =>
      j > i && isPlaced(a) && isPlaced(b) && distance(a, b) < limit
        ? [{ kind: 'together', keypoints: [i, j], text: 'two points in one place' }]
        : [],
    ),
  );
}

/** Points outside the face, or far from where the others predict them. */
function outOfPlace(
  model: ShapeModel,
  size: Size,
  labels: readonly Label[],
  said: ReadonlySet<number>,
): Warning[] {
  const points = toPoints(labels);
  const found: Warning[] = [];
  // One that is far off makes all others look strange: the strangest is taken out before the next one is looked for.
  for (let left = labels.filter(isPlaced).length; left >= leastPoints; left--) {
    const strange = strangest(model, points, size);
    if (!strange || strange.deviations < tooStrange) break;
    const { keypoint, pixels } = strange;
    const place = { x: points[2 * keypoint]!, y: points[2 * keypoint + 1]! };
    points.fill(NaN, 2 * keypoint, 2 * keypoint + 2);
    if (said.has(keypoint)) continue;
    found.push(
      isWithin(place, faceOf(model, points, size))
        ? {
            kind: 'unlikely',
            keypoints: [keypoint],
            text: `${pixels.toFixed(1)} px from where the others predict it`,
          }
        : { kind: 'outside', keypoints: [keypoint], text: 'outside the face' },
    );
  }
  return found;
}

/** The points that are placed, and where they predict the others. */
function faceOf(model: ShapeModel, points: Float64Array, size: Size): Place[] {
  return predictFromPlaced(model, points, size).flatMap(
    (guess, k) => guess ?? (Number.isNaN(points[2 * k]!) ? [] : { x: points[2 * k]!, y: points[2 * k + 1]! }),
  );
}

/** Faces are round: a corner of the box about the points is outside. */
function isWithin({ x, y }: Place, face: readonly Place[]): boolean {
  const away = (value: number, all: readonly number[]) => {
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return (value - (low + high) / 2) / ((0.5 + rim) * (high - low));
  };
  const across = face.map((point) => point.x);
  const down = face.map((point) => point.y);
  return Math.hypot(away(x, across), away(y, down)) <= 1;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const distance = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);

/** One pixel of a picture of 96, in the picture's. */
const unit = ({ width, height }: Size) => Math.sqrt(width * height) / 96;
