/** The errors that a person should read. Anything else that is thrown arrives as INTERNAL_SERVER_ERROR: a bug. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

/** What domain/problem.ts calls ProblemDetails. */
const problemDetails = z.object({
  file: z.string().optional(),
  row: z.number().optional(),
  column: z.string().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  hint: z.string().optional(),
});

/** What every procedure starts from. */
export const procedure = oc.errors({
  /** The caller's input is at fault: the message says how, the details say where. */
  BAD_INPUT: { status: 400, data: problemDetails },
  /** The run, image or file named is not there. */
  NOT_FOUND: { status: 404, data: problemDetails },
  /** Right as such, but not in the present state, e.g. stopping a run that has ended. */
  CONFLICT: { status: 409, data: problemDetails },
  /** The work was started and failed; `log` is the file that says more. */
  FAILED: { status: 500, data: z.object({ log: z.string().optional() }) },
});
