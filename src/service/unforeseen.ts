/** Errors that the contract does not know of: the client is told no more than that, and the log has the rest. */
import { mapEventIterator } from '@orpc/client';
import { ORPCError } from '@orpc/server';
import type { Log } from './log.ts';

interface Call {
  readonly path: readonly string[];
  readonly signal?: AbortSignal | undefined;
  next(): Promise<unknown>;
}

/** Passes a procedure's answer on, and whatever it throws; what nobody has foreseen is written down as well. */
export async function noting(log: Log | undefined, { path, signal, next }: Call): Promise<unknown> {
  const note = (error: unknown) => {
    const foreseen = error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR';
    if (!foreseen && !signal?.aborted)
      log?.error({ err: error, procedure: path.join('.') }, 'A procedure has failed.');
    return error;
  };
  try {
    const output = await next();
    if (!isEvents(output)) return output;
    return mapEventIterator(output, {
      value: (value) => Promise.resolve(value),
      error: (error) => Promise.resolve(note(error)),
    });
  } catch (error) {
    throw note(error);
  }
}

function isEvents(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
