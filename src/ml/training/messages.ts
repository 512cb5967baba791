/**
 * What the service and the training process say to each other, over parent.ts (typed arrays cross as they are). The
 * service sends one command and later perhaps orders; the process answers with progress and ends with `finished`,
 * `stopped` or `failed`, then exits. If it exits without one of the three, it crashed.
 */
import type { EngineName } from '../engine/engine.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { LabelNoise } from '../evaluation/label-noise.ts';
import type { Uncertainty } from '../evaluation/uncertainty.ts';
import type { Baselines } from '../baselines/baselines.ts';
import type { RunConfig } from './config.ts';

export type TrainerCommand =
  TrainCommand | EnsembleCommand | EvaluateCommand | OutOfFoldCommand | PredictImagesCommand | ProbeCommand;

interface CommandPlace {
  /** The workspace's folder; opened read-only. */
  readonly workspace: string;
  /** Where files and the log go; it exists already. */
  readonly runDirectory: string;
}

/** A network that is trained: the best checkpoint in the folder of a run. */
export interface RunModel {
  readonly runDirectory: string;
  readonly config: RunConfig;
}

/** Trains from the run's last checkpoint, if it has one, validates, and predicts every image of the test table. */
export interface TrainCommand extends CommandPlace {
  readonly command: 'train';
  readonly config: RunConfig;
}

/** What is asked of one network, or of several whose places are averaged. The labels of the first one's snapshot count. */
interface ModelsCommand extends CommandPlace {
  readonly models: readonly RunModel[];
}

/** Validates on the images that all of them held out, and predicts every image of the test table. */
export interface EnsembleCommand extends ModelsCommand {
  readonly command: 'ensemble';
}

/** Validates on the images that all of them held out. */
export interface EvaluateCommand extends ModelsCommand {
  readonly command: 'evaluate';
}

/** Places keypoints on the labelled images by what has not learned from their labels, and leaves that in the run's folder. */
export interface OutOfFoldCommand extends ModelsCommand {
  readonly command: 'out-of-fold';
}

/** Places keypoints on images of the workspace, a few hundred at a time. */
export interface PredictImagesCommand extends ModelsCommand {
  readonly command: 'predict-images';
  readonly images: readonly number[];
}

/** Finds out what a training would take, by doing all of its parts for a few seconds. */
export interface ProbeCommand extends CommandPlace {
  readonly command: 'probe';
  readonly config: RunConfig;
  /** Of training steps. */
  readonly seconds: number;
}

/** Gray, row-major, 0 is black. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** What training does at the next step. */
export interface TrainerOrder {
  /**
   * `stop` ends it, and so do SIGINT, SIGTERM and losing the parent; `pause` holds it until `go-on`. Both write a
   * checkpoint first.
   */
  readonly command: 'stop' | 'pause' | 'go-on';
}

export type TrainerMessage =
  | TrainProgress
  | TrainEpoch
  | { readonly type: 'phase'; readonly phase: TrainPhase }
  | { readonly type: 'paused'; readonly paused: boolean }
  | ImagePredictions
  | { readonly type: 'finished'; readonly result: FinishedResult }
  /** Stopped on request; resuming goes on from `step`. */
  | { readonly type: 'stopped'; readonly step: number; readonly epoch: number }
  /** `input` when the user's input is at fault (InputProblem), as with exit code 2. */
  | { readonly type: 'failed'; readonly reason: string; readonly input: boolean };

export type FinishedResult =
  TrainResult | EnsembleResult | EvaluateResult | OutOfFoldResult | PredictImagesResult | ProbeResult;

export type TrainPhase = 'loading' | 'splitting' | 'baselines' | 'training' | 'evaluating' | 'predicting';

/** At most about five a second. */
export interface TrainProgress {
  readonly type: 'progress';
  /** Counted from 1. */
  readonly epoch: number;
  /** As planned now, rounded up; with a time limit it may change. */
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly imagesPerSecond: number;
  /** Mean of the epoch so far, in squared units of the targets (Huber and Wing: their own). */
  readonly loss: number;
  /** Pixels; null before the first validation. */
  readonly validationRmse: number | null;
  readonly learningRate: number;
  readonly etaSeconds: number;
}

interface TrainEpoch {
  readonly type: 'epoch';
  readonly point: CurvePoint;
  readonly detail: EpochDetail;
}

/** What the last epoch says beside its point in the curves. Kept in the run's folder. */
export interface EpochDetail {
  readonly epoch: number;
  /** Validation images with the largest errors, the worst first. */
  readonly worst: readonly {
    readonly imageId: number;
    /** Pixels. */
    readonly rmse: number;
    /** [keypoints, 2] in pixels of the network's input. */
    readonly points: readonly number[];
  }[];
  /** On the same images, suspects of this epoch set aside. */
  readonly baselines: Baselines;
}

/** One line of curves.jsonl. */
export interface CurvePoint {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
  readonly learningRate: number;
  /** Mean of the epoch's steps, in squared units of the targets (Huber and Wing: their own). */
  readonly trainLoss: number;
  /** Pixels, of training images as they are, measured as `validationRmse` is: the difference is what is learned by heart. */
  readonly trainRmse: number;
  /** Pixels. */
  readonly validationRmse: number;
  /** Length of the loss's gradient, of the epoch's last batch. */
  readonly gradientNorm: number;
  readonly imagesPerSecond: number;
  /** Spent training since the start, pauses between stop and resume left out. */
  readonly seconds: number;
}

/** What is said of some images of the workspace. */
export interface ImagePredictions {
  readonly type: 'predictions';
  readonly images: readonly number[];
  /** [images, keypoints, 2] in each image's own pixels. */
  readonly points: Float32Array;
  /** [images, keypoints]: how far apart the passes are that each place averages, likewise. */
  readonly spread: Float32Array;
}

/** Null where no image was held out by all networks. */
export interface Judgement {
  readonly validation: Evaluation | null;
  readonly baselines: Baselines | null;
  /** Null, too, where too few labels validate to tell. */
  readonly uncertainty: Uncertainty | null;
  /** Null, too, where there are too few near duplicates to tell. */
  readonly labelNoise: LabelNoise | null;
}

/** What is kept of a run that has finished. */
export interface RunResult extends Judgement {
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly seconds: number;
  readonly parameters: number;
  readonly validationImages: number;
  /** File name in the run's folder (predictions.ts says what is in it); null without a test table. */
  readonly predictions: string | null;
  /** Peak resident memory in bytes of the training process. */
  readonly peakMemory: number;
}

export interface TrainResult extends RunResult {
  readonly command: 'train';
  /** Passes over the training images; a time limit may end within one. */
  readonly epochs: number;
  readonly steps: number;
  readonly bestEpoch: number;
  /** Of that epoch, in pixels. */
  readonly trainRmse: number;
  readonly imagesPerSecond: number;
  readonly trainingImages: number;
}

export interface EnsembleResult extends RunResult {
  readonly command: 'ensemble';
}

export interface EvaluateResult extends Judgement {
  readonly command: 'evaluate';
  readonly engine: EngineName;
  readonly validationImages: number;
}

export interface OutOfFoldResult {
  readonly command: 'out-of-fold';
}

export interface PredictImagesResult {
  readonly command: 'predict-images';
  readonly engine: EngineName;
}

export interface ProbeResult {
  readonly command: 'probe';
  readonly engine: EngineName;
  readonly trainingImages: number;
  readonly validationImages: number;
  readonly imagesPerSecond: number;
  /** Epochs of a training with this config; with a time limit as many as fit. */
  readonly epochs: number;
  readonly secondsPerEpoch: number;
  /** Of the whole training, from the start of its process to its end. */
  readonly seconds: number;
  /** Of the run's folder at its end, at most. */
  readonly diskBytes: number;
  /** Peak resident memory in bytes. */
  readonly peakMemory: number;
}
