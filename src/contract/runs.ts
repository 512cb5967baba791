/** Trainings: start, follow, stop, take up again, judge. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './errors.ts';

/** A run's number as people write it, or the one started last. */
export const runReference = z.union([z.number().int().min(1), z.literal('latest')]);
export type RunReference = z.infer<typeof runReference>;

/** Pooled as the competition scores it, in pixels. */
const rmse = z.number();

const evaluation = z.object({
  /** Comparable with the competition's score: images whose labels are probably wrong are set aside. */
  rmse,
  /** Over the validation images as they are, those included. */
  pooled: rmse,
  /** The images set aside, the worst first. */
  suspects: z.array(z.object({ imageId: z.number().int(), rmse })),
  /** 95 % bootstrap interval, resampling people. */
  interval: z.object({ low: rmse, high: rmse }),
  /** Averaged over the picture and its mirror image. */
  mirrored: z.boolean(),
  /** Share of keypoints more than 5 px off. */
  failureRate: z.number(),
  /** Share of keypoints at most so many pixels off. */
  cumulative: z.array(z.object({ pixels: z.number(), share: z.number() })),
  /** The same for images with every keypoint labelled, and for those with some missing. */
  cohorts: z.array(z.object({ name: z.string(), images: z.number().int(), rmse: rmse.nullable() })),
});

const runView = z.object({
  runId: z.number().int(),
  status: z.enum(['queued', 'running', 'stopped', 'finished', 'failed']),
  /** What computed it; what was asked for (perhaps `auto`) until it has finished. */
  engine: z.string(),
  /** A preset's name, or `custom`. */
  network: z.string(),
  seed: z.number().int(),
  /** Done so far. */
  epochs: z.number(),
  /** Spent in training so far. */
  seconds: z.number(),
  createdAt: z.string(),
  /** The labels that it learned from, by content hash. */
  snapshot: z.string(),
  /** Where its configuration, curves, checkpoints and log are. */
  directory: z.string(),
  /** What follows is known once it has finished. */
  parameters: z.number().int().nullable(),
  trainingImages: z.number().int().nullable(),
  validationImages: z.number().int().nullable(),
  imagesPerSecond: z.number().nullable(),
  /** Of the training process. */
  peakMemoryBytes: z.number().nullable(),
  validation: evaluation.nullable(),
  /** In the schema's order, null where no validation image has the keypoint. */
  perKeypoint: z.array(z.object({ keypoint: z.string(), rmse: rmse.nullable() })),
  /** What simple methods reach on the same images, the best first. */
  baselines: z.array(z.object({ name: z.string(), rmse })),
  /** Why it failed. */
  error: z.string().nullable(),
});
export type RunView = z.infer<typeof runView>;

const curvePoint = z.object({
  epoch: z.number().int(),
  trainLoss: z.number(),
  validationRmse: rmse,
  learningRate: z.number(),
  imagesPerSecond: z.number(),
  /** Since the start of the training. */
  seconds: z.number(),
});

const runEvent = z.discriminatedUnion('type', [
  /** What the training process is busy with. */
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['loading', 'splitting', 'baselines', 'training', 'evaluating', 'predicting']),
  }),
  z.object({
    type: z.literal('progress'),
    epoch: z.number().int(),
    /** As planned now; with a time limit it may change. */
    epochs: z.number(),
    /** 0 to 1 of the epoch. */
    share: z.number(),
    imagesPerSecond: z.number(),
    validationRmse: rmse.nullable(),
    secondsLeft: z.number(),
  }),
  z.object({ type: z.literal('epoch'), point: curvePoint }),
  /** The last one: the run finished, stopped or failed. */
  z.object({ type: z.literal('ended'), run: runView }),
]);
export type RunEvent = z.infer<typeof runEvent>;

const startInput = z.object({
  /** A named network with its recipe. */
  preset: z.string().default('default'),
  /** A JSON file with a network to take instead of the preset's. */
  spec: z.string().optional(),
  /** A JSON file with fields of the recipe that differ from the preset's. */
  recipe: z.string().optional(),
  epochs: z.number().int().min(1).optional(),
  /** In seconds, evaluation included; the schedule is fitted to it. */
  timeLimit: z.number().positive().optional(),
  seed: z.number().int().min(0).optional(),
  engine: z.enum(['auto', 'onnx', 'tfjs']).default('auto'),
});
export type StartInput = z.input<typeof startInput>;

const one = z.object({ run: runReference });

export const runsContract = {
  /** Freezes the labels and starts training on them, in a process of its own. */
  start: procedure.input(startInput).output(runView),
  /** Goes on from the last checkpoint of a run that was stopped or failed. */
  resume: procedure.input(one).output(runView),
  /** Ends a running training at its next checkpoint; returns when it has ended. */
  stop: procedure.input(one).output(runView),
  list: procedure.output(z.array(runView)),
  get: procedure.input(one).output(runView.extend({ curve: z.array(curvePoint), config: z.unknown() })),
  /** Follows a run to its end; of batches only the latest, a few times a second. */
  watch: procedure.input(one).output(eventIterator(runEvent)),
  /** Judges the run anew on its validation images beside the baselines. */
  evaluate: procedure.input(one).output(runView),
};
