/** Errors of the service as the contract's typed errors, which reach every host whole. */
import { ORPCError } from '@orpc/server';
import type { ChangedCell } from '../contract/labels.ts';
import type { ProblemDetails } from '../domain/problem.ts';
import { InputProblem } from '../domain/problem.ts';
import { NoWorkspace } from '../workspace/workspace.ts';

/** The run or image named is not there. */
export function notFound(message: string, details: ProblemDetails = {}): Error {
  return new ORPCError('NOT_FOUND', {
    defined: true,
    status: 404,
    message: sentences(message, details),
    data: details,
  });
}

/** Right as such, but not in the present state. */
export function conflict(message: string, details: ProblemDetails = {}): Error {
  return new ORPCError('CONFLICT', {
    defined: true,
    status: 409,
    message: sentences(message, details),
    data: details,
  });
}

/** Somebody else was quicker. @param found the cells as they are now */
export function labelConflict(found: ChangedCell[]): Error {
  const cells = found.length === 1 ? 'This point was' : `${found.length} of these points were`;
  return new ORPCError('LABEL_CONFLICT', {
    defined: true,
    status: 409,
    message: `${cells} changed by somebody else meanwhile. Nothing was stored.`,
    data: { found },
  });
}

/** The work was started and failed. @param log the file that says more */
export function failed(message: string, log?: string): Error {
  return new ORPCError('FAILED', {
    defined: true,
    status: 500,
    message,
    data: log === undefined ? {} : { log },
  });
}

/** What is wrong with the user's input becomes BAD_INPUT, a workspace that is not there NOT_FOUND; anything else stays what it is. */
function explained(error: unknown): unknown {
  if (!(error instanceof InputProblem)) return error;
  const isMissing = error instanceof NoWorkspace;
  return new ORPCError(isMissing ? 'NOT_FOUND' : 'BAD_INPUT', {
    defined: true,
    status: isMissing ? 404 : 400,
    message: error.message,
    data: error.details,
    cause: error,
  });
}

/** Passes through what `work` does, with its errors explained. */
export async function explaining<T>(work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}

/** As `explaining`, for what an event iterator throws after it was handed out. */
export async function* explainingEach<T>(events: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* events;
  } catch (error) {
    throw explained(error);
  }
}

const sentences = (message: string, { hint }: ProblemDetails) =>
  hint === undefined ? message : `${message} ${hint}`;
