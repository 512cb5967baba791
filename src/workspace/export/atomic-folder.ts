/** Folders of a few files that are either as they were or completely written. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputProblem } from '../../domain/problem.ts';
import { writeFileAtomically } from './atomic-file.ts';

/**
 * Writes beside the folder, and takes its place when all is on the disk.
 * @param files by name
 * @throws InputProblem when there is a folder of that name that holds other files: they would go
 */
export async function writeFolderAtomically(
  path: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const stranger = (await entries(path))?.find((name) => !(name in files));
  if (stranger !== undefined)
    throw new InputProblem('This folder holds something else.', {
      file: join(path, stranger),
      expected: 'no folder of that name, or one of an earlier export',
    });
  const beside = (purpose: string) =>
    join(dirname(path), `.${basename(path)}.${purpose}${randomBytes(4).toString('hex')}`);
  const [written, replaced] = [beside('new'), beside('old')];
  try {
    await mkdir(written);
    for (const [name, content] of Object.entries(files))
      await writeFileAtomically(join(written, name), [content]);
    if (await entries(path)) await rename(path, replaced);
    await rename(written, path);
  } finally {
    await rm(written, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

async function entries(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
