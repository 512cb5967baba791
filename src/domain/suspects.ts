/**
 * Labels that are probably wrong: far from where something that has not learned from them places the keypoint, measured
 * by what that usually is off for the keypoint, and strange beside the image's other labels.
 *
 * How the score was chosen: among 3,320 real rows 45 are plainly wrong to the eye. Of these, by PCA + ridge alone 39
 * stand in the first 50 and 45 in the first 100; with a run where it held the image out, 40 and 44; with the deviations
 * of the shape added, 43 and 45.
 */
import type { Points } from './points.ts';
import type { KeypointSchema } from './schema.ts';
import { keypointIndex } from './schema.ts';

export interface Suspect {
  /** Position among the images. */
  readonly image: number;
  /** `swapped`: left and right; `shifted`: all points are off by about the same; `far`: single points are. */
  readonly kind: 'swapped' | 'shifted' | 'far';
  /** The keypoint that is worst off. */
  readonly keypoint: number;
  /** All that seem wrong. */
  readonly keypoints: readonly number[];
  /** Of the worst keypoint: its distance over what is usual, and its deviations from the shape added. */
  readonly score: number;
  /** From the label to where the keypoint is placed, and how far that usually is. */
  readonly pixels: number;
  readonly usual: number;
  /** Of the label from where the image's other labels predict it. */
  readonly deviations: number;
  /** Position among the sources: which one says so. */
  readonly source: number;
}

interface Ground {
  /** [images, keypoints, 2] in pixels of one size for all, NaN where a keypoint has no place. */
  readonly labels: Points;
  /** The same as different sources place it; NaN where one has learned from the image, or does not know. */
  readonly sources: readonly Points[];
  /** [images, keypoints]: of each label from where the image's others predict it; 0 where nothing can be said. */
  readonly deviations: ArrayLike<number>;
  /** Whether somebody has looked at the label and found it right. */
  readonly isSettled: (image: number, keypoint: number) => boolean;
}

/** A keypoint with fewer places than this takes what is usual for the source as a whole. */
const fewPlaces = 20;
/** In pixels: nobody labels more exactly. */
const leastUsual = 0.5;

/** The images that have a label to judge, each once, the most suspicious first. */
export function rankSuspects(schema: KeypointSchema, ground: Ground): Suspect[] {
  const { labels, sources, deviations, isSettled } = ground;
  const keypoints = schema.keypoints.length;
  const usual = sources.map((predicted) => usualDistances(predicted, labels, keypoints));
  // What is usually the nearest speaks where it can.
  const order = [...sources.keys()].sort((a, b) => usual[a]!.overall - usual[b]!.overall);
  const suspects: Suspect[] = [];
  for (let image = 0; image < labels.length / (2 * keypoints); image++) {
    const start = 2 * image * keypoints;
    const source = order.find((s) => !sources[s]!.subarray(start, start + 2 * keypoints).every(Number.isNaN));
    if (source === undefined) continue;
    const face = facing(labels, sources[source]!, start, keypoints);
    const scores = face.distances.map((distance, k) =>
      isSettled(image, k) ? NaN : distance / usual[source]!.of[k]! + deviations[image * keypoints + k]!,
    );
    const keypoint = worstOf(scores);
    if (keypoint === undefined) continue;
    const { kind, concerned } = kindOf(schema, face, usual[source]!.overall, scores, scores[keypoint]!);
    suspects.push({
      ...{ image, kind, keypoint, source },
      keypoints: concerned.filter((k) => !isSettled(image, k)),
      score: scores[keypoint]!,
      pixels: face.distances[keypoint]!,
      usual: usual[source]!.of[keypoint]!,
      deviations: deviations[image * keypoints + keypoint]!,
    });
  }
  return suspects.sort((a, b) => b.score - a.score);
}

/** Medians, by keypoint and over all. */
function usualDistances(predicted: Points, labels: Points, keypoints: number) {
  const distances = Array.from({ length: keypoints }, (): number[] => []);
  for (let i = 0; i < labels.length; i += 2) {
    const distance = Math.hypot(predicted[i]! - labels[i]!, predicted[i + 1]! - labels[i + 1]!);
    if (!Number.isNaN(distance)) distances[(i / 2) % keypoints]!.push(distance);
  }
  const overall = Math.max(leastUsual, median(distances.flat()));
  const of = distances.map((own) => (own.length < fewPlaces ? overall : Math.max(leastUsual, median(own))));
  return { overall, of };
}

interface Face {
  /** [keypoints, 2] */
  readonly labels: Points;
  readonly predicted: Points;
  /** [keypoints]: between the two; NaN where there is no label. */
  readonly distances: readonly number[];
}

function facing(labels: Points, predicted: Points, start: number, keypoints: number): Face {
  const own = labels.subarray(start, start + 2 * keypoints);
  const other = predicted.subarray(start, start + 2 * keypoints);
  const distances = Array.from({ length: keypoints }, (_, k) => between(own, k, other, k));
  return { labels: own, predicted: other, distances };
}

function kindOf(
  schema: KeypointSchema,
  face: Face,
  usual: number,
  scores: readonly number[],
  most: number,
): { kind: Suspect['kind']; concerned: number[] } {
  const placed = [...face.distances.keys()].filter((k) => !Number.isNaN(face.distances[k]!));
  const pairs = schema.mirrorPairs
    .map((pair) => pair.map((name) => keypointIndex(schema, name)) as [number, number])
    .filter((pair) => pair.every((k) => placed.includes(k)));
  const inPairs = pairs.flat();
  const apart = sum(inPairs.map((k) => face.distances[k]!));
  const swapped = sum(
    pairs.map(
      ([l, r]) => between(face.labels, l, face.predicted, r) + between(face.labels, r, face.predicted, l),
    ),
  );
  const isFar = (pixels: number) => pixels > 2 * usual;
  if (isFar(apart / inPairs.length) && swapped < apart / 2) return { kind: 'swapped', concerned: inPairs };

  const off = (axis: 0 | 1) =>
    median(placed.map((k) => face.labels[2 * k + axis]! - face.predicted[2 * k + axis]!));
  const [x, y] = [off(0), off(1)];
  const left = median(
    placed.map((k) =>
      Math.hypot(
        face.labels[2 * k]! - face.predicted[2 * k]! - x,
        face.labels[2 * k + 1]! - face.predicted[2 * k + 1]! - y,
      ),
    ),
  );
  if (placed.length > 2 && isFar(Math.hypot(x, y)) && left < Math.hypot(x, y) / 2)
    return { kind: 'shifted', concerned: placed };
  return { kind: 'far', concerned: placed.filter((k) => scores[k]! >= most / 2) };
}

function worstOf(scores: readonly number[]): number | undefined {
  let worst: number | undefined;
  scores.forEach((score, k) => {
    if (!Number.isNaN(score) && (worst === undefined || score > scores[worst]!)) worst = k;
  });
  return worst;
}

const between = (a: Points, k: number, b: Points, other: number) =>
  Math.hypot(a[2 * k]! - b[2 * other]!, a[2 * k + 1]! - b[2 * other + 1]!);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
