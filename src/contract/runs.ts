/** Trainings: start, follow, pause, stop, take up again, judge. One trains at a time; others wait for their turn. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import type { NetworkSpec } from '../domain/network-spec.ts';
import type { Recipe } from '../domain/recipe.ts';
import { imageFilter } from './cells.ts';
import { procedure } from './errors.ts';

/** A run's number as people write it, or the one started last. */
export const runReference = z.union([z.number().int().min(1), z.literal('latest')]);
export type RunReference = z.infer<typeof runReference>;

/** Pooled as the competition scores it, in pixels. */
export const rmse = z.number();

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

const baselines = z.array(z.object({ name: z.string(), rmse }));

export const runView = z.object({
  runId: z.number().int(),
  /** `queued` without `ahead`: an earlier service had queued it; `resume` makes it wait for its turn again. */
  status: z.enum(['queued', 'running', 'stopped', 'finished', 'failed']),
  /** It is running, but held at a step. */
  paused: z.boolean(),
  /** Runs that train before it does, where it waits for its turn. */
  ahead: z.number().int().nullable(),
  /** What computed it; what was asked for (perhaps `auto`) until it has finished. */
  engine: z.string(),
  /** A preset's name, `custom`, or `ensemble`. */
  network: z.string(),
  seed: z.number().int(),
  /** Done so far. */
  epochs: z.number(),
  /** Spent in training so far. */
  seconds: z.number(),
  createdAt: z.string(),
  /** When it finished, stopped or failed. */
  finishedAt: z.string().nullable(),
  /** The runs that it averages: it is an ensemble. None for a training. */
  members: z.array(z.number().int()),
  /** What it learns from; null for an ensemble. */
  rows: z.enum(['all', 'complete', 'filter']).nullable(),
  /** The run whose parameters it started from. */
  start: z.object({ run: z.number().int(), epoch: z.number().int() }).nullable(),
  /** On training images as they are, at the best epoch or the last so far: how much better than validation is learned by heart. */
  trainRmse: rmse.nullable(),
  /** The epoch that predicts, counted from 1. */
  bestEpoch: z.number().int().nullable(),
  /** What people say of it. */
  tags: z.array(z.string()),
  note: z.string(),
  archived: z.boolean(),
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
  /** Null for an ensemble where no image was held out by all members: nothing can be said of it honestly. */
  validation: evaluation.nullable(),
  /** In the schema's order, null where no validation image has the keypoint. */
  perKeypoint: z.array(z.object({ keypoint: z.string(), rmse: rmse.nullable() })),
  /** What simple methods reach on the same images, the best first; known from the first epoch on. */
  baselines,
  /** Of validation places by what they say of themselves, up to so many pixels: the share that is within. Judged on people that it was not fitted to. */
  coverage: z.array(
    z.object({
      /** Null for all above. */
      radius: z.number().nullable(),
      places: z.number().int(),
      within: z.number().nullable(),
    }),
  ),
  /**
   * How far apart the labels themselves are in pictures of one scene: a floor that no model can be expected to get below.
   * Null where there are too few near duplicates to tell.
   */
  labelNoise: z
    .object({
      rmse,
      interval: z.object({ low: rmse, high: rmse }),
      /** Pairs of pictures that it is estimated from. */
      pairs: z.number().int(),
      /** Pairs left out because a label of them is plainly wrong. */
      setAside: z.number().int(),
    })
    .nullable(),
  /** Why it failed. */
  error: z.string().nullable(),
});
export type RunView = z.infer<typeof runView>;

export const curvePoint = z.object({
  epoch: z.number().int(),
  /** Mean of the epoch's steps, in squared half sides of the picture (Huber and Wing: their own). */
  trainLoss: z.number(),
  /** Of training images as they are, without augmentation. */
  trainRmse: rmse,
  validationRmse: rmse,
  /** Length of the loss's gradient, of the epoch's last batch. */
  gradientNorm: z.number(),
  learningRate: z.number(),
  imagesPerSecond: z.number(),
  /** Since the start of the training. */
  seconds: z.number(),
});

export const point = z.object({ x: z.number(), y: z.number() });

/** Nine of ten places that are as sure are no further from their label, in pixels; null where the run's validation cannot tell. */
export const within = z.number().nullable();

/** Validation images with the largest errors, the worst first, as they were placed at the end of an epoch. */
export const worstFaces = z.object({
  epoch: z.number().int(),
  faces: z.array(
    z.object({
      imageId: z.number().int(),
      rmse,
      /** In the schema's order, in pixels of the image. */
      points: z.array(point),
    }),
  ),
});

const epochDetail = z.object({ worst: worstFaces, baselines });
export type EpochDetailView = z.infer<typeof epochDetail>;

const runEvent = z.discriminatedUnion('type', [
  /** What the training process is busy with; `queued` while other runs train. */
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['queued', 'loading', 'splitting', 'baselines', 'training', 'evaluating', 'predicting']),
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
    learningRate: z.number(),
    secondsLeft: z.number(),
  }),
  z.object({ type: z.literal('paused'), paused: z.boolean() }),
  epochDetail.extend({ type: z.literal('epoch'), point: curvePoint }),
  /** The last one: the run finished, stopped or failed. */
  z.object({ type: z.literal('ended'), run: runView }),
]);
export type RunEvent = z.infer<typeof runEvent>;

const splitSeed = z.number().int().min(0).default(1);

/** Whole people are held out, as far as pictures can tell. */
const splitChoice = z.union([
  /** A share of the images. */
  z.strictObject({ validation: z.number().min(0.01).max(0.5), seed: splitSeed }),
  /** Fold `fold`, counted from 0. */
  z
    .strictObject({ fold: z.number().int().min(0), folds: z.number().int().min(2).max(20), seed: splitSeed })
    .refine(({ fold, folds }) => fold < folds, { error: 'fold must be less than folds' }),
]);

const rowChoice = z.discriminatedUnion('kind', [
  /** A missing keypoint adds nothing to the loss. */
  z.strictObject({ kind: z.literal('all') }),
  /** Only images with every keypoint. */
  z.strictObject({ kind: z.literal('complete') }),
  /** The images that the filter asks for at the start. */
  z.strictObject({ kind: z.literal('filter'), filter: imageFilter }),
]);

const startInput = z.object({
  /** A named network with its recipe; by default `default`, or those of the run named by `from`. */
  preset: z.string().optional(),
  /** A network to take instead of the preset's: as it is, or the path of a JSON file. */
  spec: z.union([z.string(), z.custom<NetworkSpec>()]).optional(),
  /** Fields of the recipe that differ from the preset's: as they are, or the path of a JSON file. */
  recipe: z.union([z.string(), z.custom<Partial<Recipe>>()]).optional(),
  epochs: z.number().int().min(1).optional(),
  /** In seconds, evaluation included; the schedule is fitted to it. */
  timeLimit: z.number().positive().optional(),
  /** What to learn from; what validates is the same for all. */
  rows: rowChoice.default({ kind: 'all' }),
  /** By default 15 %. A run that starts from another one is never judged on what that one has learned from. */
  split: splitChoice.optional(),
  /** Of everything that is drawn, except the split. */
  seed: z.number().int().min(0).optional(),
  engine: z.enum(['auto', 'onnx', 'tfjs', 'webgpu']).default('auto'),
  /**
   * Trains so many that differ in their seeds, one after the other, and averages them: what is given back is the ensemble,
   * its `members` are the trainings. A time limit is that of all.
   */
  ensemble: z.number().int().min(2).max(20).optional(),
  /** Starts from the parameters of a run that has trained: those of its best epoch, or of a kept one. */
  from: z.object({ run: runReference, epoch: z.number().int().min(1).optional() }).optional(),
});
export type StartInput = z.input<typeof startInput>;
export type StartRequest = z.output<typeof startInput>;

const cost = z.object({
  engine: z.string(),
  trainingImages: z.number().int(),
  validationImages: z.number().int(),
  imagesPerSecond: z.number(),
  /** As asked for; with a time limit as many as fit. */
  epochs: z.number(),
  secondsPerEpoch: z.number(),
  /** Of the whole run, evaluation and predictions included. */
  seconds: z.number(),
  /** At most, of the training process. */
  memoryBytes: z.number(),
  /** Of the run's folder when it has finished. */
  diskBytes: z.number(),
});

export const one = z.object({ run: runReference });

export const runsContract = {
  /** Freezes the labels, and trains on them in a process of its own as soon as no other run does. */
  start: procedure.input(startInput).output(runView),
  /** What a run would take, measured for about three seconds with everything that it does; a training under way is held meanwhile. */
  probe: procedure.input(startInput).output(cost),
  /** Goes on with a run that was stopped, failed or left in a queue (an ensemble: and with its members): from its last checkpoint, or from a kept epoch, which gives up what came after it. */
  resume: procedure.input(one.extend({ epoch: z.number().int().min(1).optional() })).output(runView),
  /** Holds a training at its next step, with a checkpoint; its process stays. */
  pause: procedure.input(one).output(runView),
  goOn: procedure.input(one).output(runView),
  /** Ends a training at a checkpoint, and returns when it has ended; takes one that waits out of the queue, an ensemble with its members. */
  stop: procedure.input(one).output(runView),
  /** Averages finished runs into one, which is judged on the images that all of them held out, predicts and submits like a run. */
  ensemble: procedure.input(z.object({ runs: z.array(runReference).min(2).max(50) })).output(runView),
  /** Follows a run to its end; of batches only the latest, a few times a second. */
  watch: procedure.input(one).output(eventIterator(runEvent)),
};
