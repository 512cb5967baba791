import { InputProblem } from '../domain/problem.ts';

/** What is in the way, for the system's codes that a person can do something about. */
const reasons: Record<string, string> = {
  ENOENT: 'no such folder',
  ENOTDIR: 'no such folder',
  EISDIR: 'a folder of that name',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'a disk that is read-only',
  ENOSPC: 'a disk that is full',
};

/** @throws InputProblem when the file cannot be written where the person wants it */
export async function writable<T>(out: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const found = reasons[(error as NodeJS.ErrnoException).code ?? ''];
    if (found === undefined) throw error;
    throw new InputProblem('This file cannot be written.', { file: out, found });
  }
}
