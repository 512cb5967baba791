/** Who asks: every procedure is told, so that a label carries its author and a client is not told of its own change. */
import { userInfo } from 'node:os';
import { InputProblem } from '../domain/problem.ts';

export interface Caller {
  /** Whom labels are due to: the system's user, or one of a team's named users. */
  readonly user: string;
  /** The connection, different for each. */
  readonly client: string;
  /** Which files the caller may name; without it any, as the person at this machine may. */
  readonly files?: Files;
}

/** What paths mean that come from elsewhere. */
export interface Files {
  /** @returns the file that is meant. @throws InputProblem when the caller may not have it read */
  readable(path: string): string;
  /** @returns the file that is meant. @throws InputProblem when the caller may not have it written */
  writable(path: string): string;
}

export const readable = ({ files }: Caller, path: string) => files?.readable(path) ?? path;
export const writable = ({ files }: Caller, path: string) => files?.writable(path) ?? path;

/** For a caller who is not at this machine. */
export function refusePath(path: string): never {
  throw new InputProblem('Files of the server cannot be named from here.', {
    file: path,
    expected: 'a file that was sent to it, or a download',
  });
}

/** The user of the operating system. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown'; // a container's user id without a name
  }
}
