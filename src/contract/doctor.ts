/** What this machine offers, and what is missing. */
import { z } from 'zod';
import { procedure } from './errors.ts';

const doctorReport = z.object({
  versions: z.array(z.object({ name: z.string(), version: z.string() })),
  engines: z.array(
    z.object({
      name: z.string(),
      version: z.string().nullable(),
      /** Why the engine cannot be used; null where it can. */
      problem: z.string().nullable(),
    }),
  ),
  machine: z.object({
    system: z.string(),
    processor: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
    freeMemoryBytes: z.number(),
  }),
  workspace: z.object({ directory: z.string(), freeBytes: z.number() }),
  /** Training speed of one preset on drawn noise, a few seconds long; null where no engine works. */
  speed: z
    .object({ engine: z.string(), preset: z.string(), batchSize: z.number(), imagesPerSecond: z.number() })
    .nullable(),
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const doctorContract = procedure.output(doctorReport);
