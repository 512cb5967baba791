/** The files under a path, whether it is a file, a folder or a zip archive, and whatever they are called. */
import type { FileHandle } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputProblem } from '../../domain/problem.ts';
import { ScratchFile } from './scratch.ts';
import { FileSlice } from './slice.ts';
import { nothingImported } from './words.ts';
import type { ZipEntry } from './zip.ts';
import { Budget, deepestNesting, looksLikeZip, zipEntries } from './zip.ts';

/** A file that is no archive. It can be read once, before the next one is asked for. */
export interface InputFile {
  /** As a person finds it: `archive.zip > training.zip > training.csv`. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  read(): AsyncGenerator<Buffer>;
}

/** Folders within a folder are looked into this far: training/training.csv. */
const deepestFolder = 2;

/** Every file under the path; archives are opened, folders listed in the order of their names. @throws InputProblem */
export async function* inputFiles(path: string): AsyncGenerator<InputFile> {
  const budget = new Budget();
  if ((await stat(path)).isDirectory()) yield* filesInFolder(path, '', budget, 1);
  else yield* filesInFile(path, basename(path), budget);
}

async function* filesInFolder(
  folder: string,
  prefix: string,
  budget: Budget,
  depth: number,
): AsyncGenerator<InputFile> {
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    budget.spendFiles(folder, 1);
    const kind = await stat(path);
    if (kind.isFile()) yield* filesInFile(path, prefix + name, budget);
    else if (kind.isDirectory() && depth < deepestFolder)
      yield* filesInFolder(path, `${prefix}${name}/`, budget, depth + 1);
  }
}

async function* filesInFile(path: string, name: string, budget: Budget): AsyncGenerator<InputFile> {
  const handle = await open(path);
  try {
    const whole = await wholeFile(handle);
    yield* unpacked({ name, size: whole.size, read: () => whole.read(), stored: whole }, budget, 1);
  } finally {
    await handle.close();
  }
}

async function* unpacked(file: ZipEntry, budget: Budget, depth: number): AsyncGenerator<InputFile> {
  const bytes = file.read();
  try {
    const { value: head } = (await bytes.next()) as IteratorResult<Buffer, undefined>;
    const read = () => joined(head, bytes);
    if (!looksLikeZip(head)) yield { name: file.name, size: file.size, read };
    else if (depth > deepestNesting)
      throw new InputProblem('The zip archives are nested too deeply.', {
        file: file.name,
        expected: `at most ${deepestNesting} levels`,
        hint: `Unpack the outer one and import the folder. ${nothingImported}`,
      });
    else if (file.stored) yield* filesInZip(file.stored, file.name, budget, depth);
    else {
      // Deflate cannot be entered in the middle, and a zip archive's table of contents stands at its end.
      await using scratch = await ScratchFile.create();
      for await (const chunk of read()) await scratch.append([chunk]);
      await scratch.flush();
      yield* filesInZip(await wholeFile(scratch.handle), file.name, budget, depth);
    }
  } finally {
    await bytes.return(undefined);
  }
}

async function* joined(head: Buffer | undefined, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head) yield head;
  yield* rest;
}

async function* filesInZip(
  archive: FileSlice,
  name: string,
  budget: Budget,
  depth: number,
): AsyncGenerator<InputFile> {
  for await (const entry of zipEntries(archive, name, budget)) yield* unpacked(entry, budget, depth + 1);
}

async function wholeFile(handle: FileHandle): Promise<FileSlice> {
  return new FileSlice(handle, 0, (await handle.stat()).size);
}
