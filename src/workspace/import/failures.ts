/** What the operating system and the database say when a file or the disk is at fault, as a person should read it. */
import { InputProblem } from '../../domain/problem.ts';
import { nothingImported } from './words.ts';

const summaries: Record<string, readonly [summary: string, hint: string]> = {
  ENOENT: ['There is no such file or folder.', 'Check the path.'],
  ENOTDIR: ['There is no such file or folder.', 'Check the path.'],
  EACCES: ['There is no permission to read this.', 'Allow reading it, or copy it to a place of your own.'],
  EPERM: ['There is no permission to read this.', 'Allow reading it, or copy it to a place of your own.'],
  ENOSPC: ['The disk is full.', 'Make room, or set TMPDIR to a folder on another disk.'],
  EDQUOT: ['Your share of the disk is full.', 'Make room, or set TMPDIR to a folder on another disk.'],
  SQLITE_FULL: [
    'The disk that holds the workspace is full.',
    'Make room, or use a workspace on another disk.',
  ],
};

/** @param file what the import was reading or writing, for errors that do not say it themselves */
export function explained(error: unknown, file: string): unknown {
  const { code, path } = error as { code?: string; path?: string };
  const known = code === undefined ? undefined : summaries[code];
  if (!known) return error;
  const problem = new InputProblem(known[0], { file: path ?? file, hint: `${known[1]} ${nothingImported}` });
  problem.cause = error;
  return problem;
}
