/** What limits a finished run: the labels, one keypoint, variance, time or bias, with the numbers that say so. */
import type { RunView } from '../../contract/runs.ts';
import type { Preset, RunSetup } from './draft.ts';

/** What is known of a run when it is judged. */
export interface Evidence {
  readonly run: RunView;
  readonly setup: RunSetup;
  /** Of the run, one for each epoch. */
  readonly curve: readonly {
    readonly epoch: number;
    readonly trainRmse: number;
    readonly validationRmse: number;
  }[];
  /** How far people's own answers are from the labels when they label blind again; null where nobody has. */
  readonly floor: { readonly rmse: number; readonly answers: number } | null;
  /** Other finished trainings that were judged on the same images. */
  readonly others: readonly RunView[];
  /** In the schema's order: training images that have the keypoint, and that miss it. */
  readonly labels: readonly {
    readonly keypoint: string;
    readonly placed: number;
    readonly missing: number;
  }[];
  readonly presets: readonly Preset[];
}

/** What limits a run, with the numbers that say so. */
export type Limit =
  | { readonly kind: 'floor'; readonly floor: Floor }
  | { readonly kind: 'suspects'; readonly images: number; readonly share: number; readonly worst: number }
  | { readonly kind: 'keypoint'; readonly keypoint: string; readonly rmse: number; readonly share: number }
  | { readonly kind: 'variance'; readonly train: number; readonly validation: number; readonly share: number }
  | { readonly kind: 'unfinished'; readonly gain: number; readonly train: number }
  | { readonly kind: 'brief'; readonly epochs: number; readonly train: number }
  | { readonly kind: 'bias'; readonly train: number; readonly validation: number };

/** What no model can be expected to get below, in pixels. */
export interface Floor {
  readonly rmse: number;
  readonly whose: 'people' | 'labels';
}

/** Answers from which people's own error is known well enough. */
const enoughAnswers = 20;
/** A model this close to the floor cannot be told from a better one. */
const nearFloor = 1.15;
/** Shares of all squared error from which images with wrong labels, or a keypoint, are what limits a run. */
const muchSuspect = 0.2;
const muchKeypoint = 0.2;
/** So many times its share of the labels. */
const keypointExcess = 2.5;
/** Share of the squared error that is there on validation images only. */
const muchVariance = 0.4;
/** Passes over the images below which nothing but that can be said. */
const fewEpochs = 5;
/** Fall of the validation error in the last quarter of the epochs that says that it would go on. */
const stillFalling = 0.05;

/** The first that its numbers show, the most certain first. */
export function limitOf(evidence: Evidence): Limit {
  const { run, curve, labels } = evidence;
  const { rmse, pooled, suspects } = run.validation!;
  const floor = floorOf(evidence);
  if (floor && rmse <= nearFloor * floor.rmse) return { kind: 'floor', floor };

  const images = run.validationImages ?? 0;
  const suspectShare = images > 0 ? 1 - (rmse ** 2 * (images - suspects.length)) / (pooled ** 2 * images) : 0;
  if (suspects.length > 0 && suspectShare >= muchSuspect)
    return { kind: 'suspects', images: suspects.length, share: suspectShare, worst: suspects[0]!.imageId };

  const weak = weakestKeypoint(run, labels);
  if (weak && weak.share >= muchKeypoint && weak.excess >= keypointExcess)
    return { kind: 'keypoint', ...weak };

  const best = curve.find(({ epoch }) => epoch === run.bestEpoch) ?? curve.at(-1);
  const train = best?.trainRmse ?? run.trainRmse ?? rmse;
  const validation = best?.validationRmse ?? rmse;
  if (run.epochs < fewEpochs && run.start === null) return { kind: 'brief', epochs: run.epochs, train };
  const share = 1 - (train / validation) ** 2;
  if (share >= muchVariance) return { kind: 'variance', train, validation, share };
  const gain = gainOfLastQuarter(curve);
  if (gain >= stillFalling) return { kind: 'unfinished', gain, train };
  return { kind: 'bias', train, validation };
}

/** The keypoint with the largest share of all squared error, as far as the labels of the training images weigh the keypoints. */
function weakestKeypoint(run: RunView, labels: Evidence['labels']) {
  const parts = run.perKeypoint.flatMap(({ keypoint, rmse }) => {
    const weight = labels.find((other) => other.keypoint === keypoint)?.placed ?? 0;
    return rmse === null || weight === 0 ? [] : [{ keypoint, rmse, weight, square: weight * rmse ** 2 }];
  });
  const sum = (pick: (part: (typeof parts)[number]) => number) =>
    parts.reduce((total, part) => total + pick(part), 0);
  const [squares, weights] = [sum(({ square }) => square), sum(({ weight }) => weight)];
  const [weak] = parts.toSorted((a, b) => b.rmse - a.rmse);
  if (!weak || squares === 0) return undefined;
  const share = weak.square / squares;
  return { keypoint: weak.keypoint, rmse: weak.rmse, share, excess: share / (weak.weight / weights) };
}

/** How much the lowest validation error fell in the last quarter of the epochs, as a share. */
function gainOfLastQuarter(curve: Evidence['curve']): number {
  const before = curve.slice(0, Math.floor(0.75 * curve.length));
  const lowest = (points: Evidence['curve']) =>
    Math.min(...points.map(({ validationRmse }) => validationRmse));
  return Math.max(0, 1 - lowest(curve) / lowest(before));
}

/** People's own error where it is known, else how far apart labels of one scene are. */
export function floorOf({ run: { labelNoise }, floor }: Evidence): Floor | undefined {
  if (floor && floor.answers >= enoughAnswers) return { rmse: floor.rmse, whose: 'people' };
  return labelNoise ? { rmse: labelNoise.rmse, whose: 'labels' } : undefined;
}
