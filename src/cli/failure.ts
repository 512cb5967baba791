/** How a command ends when it does not succeed. Exit codes: 1 it failed, 2 the input is at fault, 130 stopped by Ctrl+C. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { folders } from '../service/folders.ts';

export const exitCodes = { failed: 1, input: 2, interrupted: 130 } as const;

/** The person pressed Ctrl+C and the work was put down cleanly; the message says how to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What was asked for cannot be read on the command line's side; everything else the service says. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}

interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  /** Where it lies in the input, or which log says more. */
  readonly details?: unknown;
}

/** Codes of the contract's errors that a person can put right. */
const inputCodes = ['BAD_INPUT', 'NOT_FOUND', 'CONFLICT'];

export function failureOf(error: unknown): Failure {
  if (error instanceof Interrupted)
    return { exitCode: exitCodes.interrupted, code: 'STOPPED', message: error.message };
  if (error instanceof UsageProblem)
    return { exitCode: exitCodes.input, code: 'BAD_INPUT', message: error.message };
  if (error instanceof CommanderError)
    return { exitCode: exitCodes.input, code: 'BAD_INPUT', message: usage(error) };
  const { name, code, message, data } = error as Partial<Error> & { code?: string; data?: unknown };
  if (name === 'InputProblem')
    // of a part of the service that works without the contract
    return { exitCode: exitCodes.input, code: 'BAD_INPUT', message: message ?? name };
  if (code !== undefined && inputCodes.includes(code))
    return { exitCode: exitCodes.input, code, message: message ?? code, details: data };
  if (code === 'BAD_REQUEST')
    return { exitCode: exitCodes.input, code: 'BAD_INPUT', message: issuesOf(data) ?? message ?? code };
  if (code === 'FAILED')
    return { exitCode: exitCodes.failed, code, message: message ?? 'It failed.', details: data };
  return {
    exitCode: exitCodes.failed,
    code: 'UNEXPECTED',
    message: `${message ?? String(error)} (unexpected)`,
    details: { log: writeLog(error) },
  };
}

/** What the contract finds wrong with what was asked for: `runs: Too big: expected array to have <=8 items`. */
function issuesOf(data: unknown): string | undefined {
  const { issues } = (data ?? {}) as { issues?: readonly { path?: readonly unknown[]; message: string }[] };
  return issues
    ?.map(({ path = [], message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('\n');
}

/** Where no command was given, commander has shown the help already. */
function usage({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'Choose one of these commands.';
  return `${message.replace(/^error: /, '')}\nThe option --help shows what can be said.`;
}

/** Appends the error with its stack to the program's log; @returns the log's path */
function writeLog(error: unknown): string {
  const path = join(folders.log, 'fiducial.log');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  mkdirSync(folders.log, { recursive: true });
  appendFileSync(
    path,
    `${new Date().toISOString()} fiducial ${process.argv.slice(2).join(' ')}\n${stack}\n\n`,
  );
  return path;
}
