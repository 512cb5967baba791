/** Runs that there are: what became of them, what people say of them, how they compare. */
import { z } from 'zod';
import { procedure } from './errors.ts';
import { curvePoint, one, point, rmse, runReference, runView, worstFaces } from './runs.ts';

/** Where a run came from, to be able to say later why two runs differ. */
const lineage = z.object({
  /** Of this program. */
  version: z.string(),
  /** Of its source, where it runs from a checkout; with `+` where files were changed. */
  commit: z.string().nullable(),
  /** Of the engine; known once it has finished. */
  engineVersion: z.string().nullable(),
  node: z.string(),
  system: z.string(),
  processor: z.string(),
  cores: z.number().int(),
  snapshot: z.object({ id: z.string(), createdAt: z.string(), labels: z.number().int() }),
  submissions: z.array(
    z.object({ id: z.number().int(), path: z.string(), createdAt: z.string(), sha256: z.string() }),
  ),
});

const dependents = z.object({
  /** What goes with the run: images that it has said something of, records of submissions (the files stay), ensembles that it is a member of, bytes of its folder. */
  predictions: z.number().int(),
  submissions: z.array(z.number().int()),
  ensembles: z.array(z.number().int()),
  bytes: z.number(),
  /** What stays: runs that started from its parameters, and labels that are its proposals, accepted. */
  startedFrom: z.array(z.number().int()),
  labels: z.number().int(),
});

/** RMSE less that of the first run (negative: better), with its 95 % interval: both on the same images, whole people drawn. */
const change = z.object({ difference: z.number(), low: z.number(), high: z.number() });

const changedFaces = z.array(
  z.object({
    imageId: z.number().int(),
    /** RMSE by the first run, and by this one. */
    before: rmse,
    after: rmse,
    /** By the first run, and by this one: in the schema's order, in pixels of the image. */
    placed: z.array(z.array(point)),
  }),
);

const comparison = z.object({
  /** In the order asked for. */
  runs: z.array(z.object({ runId: z.number().int(), curve: z.array(curvePoint) })),
  /** Fields of the configs (`recipe.schedule.rate`) that are not the same in all; null where a run has none. */
  differences: z.array(z.object({ field: z.string(), values: z.array(z.unknown()) })),
  /** Images that all runs held out, without those set aside because all runs find the labels wrong. */
  images: z.number().int(),
  setAside: z.number().int(),
  /** Of each run on those images; null where there are none. */
  rmse: z.array(rmse).nullable(),
  /** The labels' own, as the first run's judgement has it; null where it could not tell. */
  labelNoise: rmse.nullable(),
  keypoints: z.array(z.object({ keypoint: z.string(), rmse: z.array(rmse).nullable() })),
  /** Of every run but the first against the first; none where there are no common images. */
  changes: z.array(
    z.object({
      runId: z.number().int(),
      overall: change,
      keypoints: z.array(z.object({ keypoint: z.string(), change: change.nullable() })),
      /** The faces that changed most. */
      worse: changedFaces,
      better: changedFaces,
    }),
  ),
});
export type RunComparison = z.infer<typeof comparison>;

export const runRecordsContract = {
  list: procedure.output(z.array(runView)),
  get: procedure.input(one).output(
    runView.extend({
      curve: z.array(curvePoint),
      config: z.unknown(),
      /** Of the last epoch; null before its end. */
      worst: worstFaces.nullable(),
      /** Epochs that it can be resumed from, besides the last checkpoint: five at most. */
      checkpoints: z.array(z.object({ epoch: z.number().int(), bytes: z.number().int() })),
      lineage,
    }),
  ),
  /** What a person says of a run. */
  edit: procedure
    .input(
      one.extend({
        tags: z.array(z.string().trim().min(1).max(40)).max(20).optional(),
        note: z.string().max(10_000).optional(),
        archived: z.boolean().optional(),
      }),
    )
    .output(runView),
  /** What is due to a run: shown before it is deleted. */
  dependents: procedure.input(one).output(dependents),
  /** Deletes a run with all that goes with it. @param ensembles exactly those that go too, so that nothing goes that nobody has seen */
  delete: procedure
    .input(one.extend({ ensembles: z.array(z.number().int()).default([]) }))
    .output(z.object({ deleted: z.array(z.number().int()) })),
  /** Finished runs side by side, the others against the first. */
  compare: procedure.input(z.object({ runs: z.array(runReference).min(2).max(8) })).output(comparison),
  /** Where a finished run places the keypoints of validation images, and of others that it has predicted; null for the rest. In the images' own pixels. */
  placed: procedure
    .input(one.extend({ imageIds: z.array(z.number().int()).min(1).max(500) }))
    .output(z.array(z.object({ imageId: z.number().int(), points: z.array(point).nullable() }))),
  /** Judges the run anew on its validation images beside the baselines. */
  evaluate: procedure.input(one).output(runView),
};
