/** Taking results out, to paths on the service's machine. Every file is written whole or not at all. */
import { z } from 'zod';
import { procedure } from './errors.ts';
import { runReference } from './runs.ts';

const out = z.string().min(1);
const written = { path: z.string(), sha256: z.string(), bytes: z.number().int() };

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
  /** The labels as they are now, in the layout of training.csv. */
  trainingCsv: procedure.input(z.object({ out })).output(z.object({ ...written, rows: z.number().int() })),
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
};
