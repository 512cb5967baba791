/**
 * What the service and the training process say to each other, over parent.ts (typed arrays cross as they are). The
 * service sends one command and later perhaps `stop`; the process answers with progress and ends with `finished`,
 * `stopped` or `failed`, then exits. If it exits without one of the three, it crashed.
 */
import type { EngineName } from '../engine/engine.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import type { Baselines } from '../baselines/baselines.ts';
import type { RunConfig } from './config.ts';

export type TrainerCommand = TrainCommand | EvaluateCommand | PredictCommand | PredictImagesCommand;

/** Where the run is; `runDirectory` exists already. */
interface RunPlace {
  /** The workspace's folder; opened read-only. */
  readonly workspace: string;
  readonly runDirectory: string;
  readonly config: RunConfig;
}

/** Trains, validates, and predicts every image of the test table. */
export interface TrainCommand extends RunPlace {
  readonly command: 'train';
  /** Go on from the run's checkpoint (from the start when there is none yet). */
  readonly resume: boolean;
}

/** Evaluates the best checkpoint of a run on its validation images. */
export interface EvaluateCommand extends RunPlace {
  readonly command: 'evaluate';
  /** Averages with the mirror image's predictions; by default as the recipe says. */
  readonly mirror?: boolean;
}

/** Places keypoints on pictures of any size with the best checkpoint of a run. */
export interface PredictCommand extends RunPlace {
  readonly command: 'predict';
  readonly pictures: readonly Picture[];
  readonly mirror?: boolean;
}

/** Places keypoints on images of the workspace with the best checkpoint of a run, a few hundred at a time. */
export interface PredictImagesCommand extends RunPlace {
  readonly command: 'predict-images';
  readonly images: readonly number[];
}

/** Gray, row-major, 0 is black. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Ends training at the next step with a checkpoint. SIGINT, SIGTERM and losing the parent do the same. */
export interface StopCommand {
  readonly command: 'stop';
}

export type TrainerMessage =
  | TrainProgress
  | TrainEpoch
  | { readonly type: 'phase'; readonly phase: TrainPhase }
  | ImagePredictions
  | {
      readonly type: 'finished';
      readonly result: TrainResult | EvaluateResult | PredictResult | PredictImagesResult;
    }
  /** Stopped on request; resuming goes on from `step`. */
  | { readonly type: 'stopped'; readonly step: number; readonly epoch: number }
  /** `input` when the user's input is at fault (InputProblem), as with exit code 2. */
  | { readonly type: 'failed'; readonly reason: string; readonly input: boolean };

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
  /** Mean of the epoch so far, in squared units of the targets (Huber: its own). */
  readonly loss: number;
  /** Pixels; null before the first validation. */
  readonly validationRmse: number | null;
  readonly etaSeconds: number;
}

interface TrainEpoch extends CurvePoint {
  readonly type: 'epoch';
}

/** One line of curves.jsonl. */
export interface CurvePoint {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
  readonly learningRate: number;
  readonly trainLoss: number;
  /** Pixels. */
  readonly validationRmse: number;
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
}

export interface TrainResult {
  readonly command: 'train';
  readonly engine: EngineName;
  readonly engineVersion: string;
  /** Passes over the training images; a time limit may end within one. */
  readonly epochs: number;
  readonly steps: number;
  readonly bestEpoch: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly parameters: number;
  readonly trainingImages: number;
  readonly validationImages: number;
  readonly validation: Evaluation;
  readonly baselines: Baselines;
  /** File name in the run's folder (predictions.ts says what is in it); null without a test table. */
  readonly predictions: string | null;
  /** Peak resident memory in bytes of the training process. */
  readonly peakMemory: number;
}

export interface EvaluateResult {
  readonly command: 'evaluate';
  readonly engine: EngineName;
  readonly validation: Evaluation;
  readonly baselines: Baselines;
}

export interface PredictResult {
  readonly command: 'predict';
  readonly engine: EngineName;
  /** [keypoints, 2] for each picture, in that picture's pixels. */
  readonly points: readonly Float32Array[];
}

export interface PredictImagesResult {
  readonly command: 'predict-images';
  readonly engine: EngineName;
}
