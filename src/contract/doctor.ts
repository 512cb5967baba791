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
      /** Training the network of `exercise` for a few seconds. */
      imagesPerSecond: z.number().nullable(),
      /** How the engine trains on this machine, where there is something to say. */
      remark: z.string().nullable(),
    }),
  ),
  exercise: z.object({ preset: z.string(), batchSize: z.number() }),
  /** What `auto` takes for networks that the workspace has trained, and what that was decided on. */
  auto: z.array(
    z.object({
      network: z.string(),
      engine: z.string(),
      imagesPerSecond: z.record(z.string(), z.number()),
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
});
export type DoctorReport = z.infer<typeof doctorReport>;

export const doctorContract = procedure.output(doctorReport);
