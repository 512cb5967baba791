/** Taking results out, to paths on the service's machine. Every file is written whole or not at all. */
import { z } from 'zod';
import { author, label } from './cells.ts';
import { procedure } from './errors.ts';
import { runReference } from './runs.ts';

const out = z.string().min(1);
const written = { path: z.string(), sha256: z.string(), bytes: z.number().int() };

const trainingPreview = z.object({
  rows: z.number().int(),
  /** Keypoints with a place. */
  placed: z.number().int(),
  /** Against what was imported: keypoints that had no place, that have another one, and that have none any more. */
  added: z.number().int(),
  moved: z.number().int(),
  removed: z.number().int(),
  /** Whom these are due to, the most first. */
  authors: z.array(author.extend({ cells: z.number().int() })),
  /** Those with the most that is new: `fresh` are the keypoints. */
  faces: z.array(
    z.object({
      ...{ imageId: z.number().int(), sha256: z.string(), width: z.number().int(), height: z.number().int() },
      labels: z.array(label),
      fresh: z.array(z.number().int()),
    }),
  ),
  /** The table's first lines, cut off where they get long. */
  lines: z.array(z.string()),
});
export type TrainingPreview = z.infer<typeof trainingPreview>;

export const exportsContract = {
  /** The competition's submission from the run's predictions: every RowId once, in order. */
  submission: procedure.input(z.object({ run: runReference, out })).output(
    z.object({
      ...written,
      runId: z.number().int(),
      rows: z.number().int(),
      /** Values that lay outside the picture and were moved to its border. */
      clipped: z.number().int(),
    }),
  ),
  /** Where the run places every keypoint of every row of the test tables, and how sure it is: `within` holds nine of ten. */
  predictions: procedure
    .input(z.object({ run: runReference, out }))
    .output(z.object({ ...written, runId: z.number().int(), rows: z.number().int() })),
  /** The labels as they are now, in the layout of training.csv. */
  trainingCsv: procedure.input(z.object({ out })).output(z.object({ ...written, rows: z.number().int() })),
  /** What that table would hold, and what is new in it. */
  trainingPreview: procedure.output(trainingPreview),
  /** The trained network as one ONNX file that says in its metadata how a picture goes in and what comes out. */
  model: procedure
    .input(z.object({ run: runReference, out }))
    .output(z.object({ ...written, runId: z.number().int() })),
  /**
   * The trained network as a graph model of TensorFlow.js, whose metadata says the same: a folder with model.json and
   * its weights, or a zip archive of them where `out` ends in `.zip`.
   */
  tensorflowJs: procedure.input(z.object({ run: runReference, out })).output(
    z.object({
      path: z.string(),
      /** In the folder or archive. */
      files: z.array(z.string()),
      /** Of the files together. */
      bytes: z.number().int(),
      runId: z.number().int(),
    }),
  ),
  /** All that is known of a run as one page of HTML that needs nothing else. */
  report: procedure
    .input(z.object({ run: runReference, out }))
    .output(z.object({ ...written, runId: z.number().int() })),
};
