/** Tables of three keypoints on pictures of 2 x 2 pixels, and archives of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { ZipFile } from 'yazl';
import { InputProblem } from '../../../src/domain/problem.ts';
import { importArchive } from '../../../src/workspace/import/import.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { scratchDirectory } from '../scratch.ts';

export const trainingHeader = 'left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y,Image';

export function table(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

/** A training table of one row: a face with all three keypoints. */
export const oneFace = table(trainingHeader, '1.5,0.5,0.5,0.5,1,1,10 20 30 40');
/** A test table of two pictures. */
export const twoTests = table('ImageId,Image', '1,1 2 3 4', '2,5 6 7 8');
export const twoAsked = table(
  'RowId,ImageId,FeatureName,Location',
  '1,1,nose_x,',
  '2,1,nose_y,',
  '3,2,left_eye_x,',
);
export const twoAskedSample = table('RowId,Location', '1,0', '2,0', '3,0');

export type Files = Record<string, string | Buffer>;

/** Writes files into a new folder. @returns the folder */
export function folder(files: Files): string {
  const directory = scratchDirectory();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

/** Writes one file. @returns its path */
export function file(name: string, content: string | Buffer): string {
  return join(folder({ [name]: content }), name);
}

/** The bytes of a zip archive. */
export async function zip(files: Files, { compress = true } = {}): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(files))
    archive.addBuffer(Buffer.from(content as string), name, { compress });
  archive.end();
  return buffer(archive.outputStream as Readable);
}

/** The problem that an import is refused for; fails when it is not refused, or leaves a trace in the workspace. */
export async function refusal(workspace: Workspace, path: string): Promise<InputProblem> {
  const before = contents(workspace);
  const problem = await importArchive(workspace, path).catch((error: unknown) => error);
  if (!(problem instanceof InputProblem)) throw problem ?? new Error('The import was not refused.');
  if (contents(workspace) !== before) throw new Error('The refused import left a trace.');
  return problem;
}

/** All that is in the workspace's database, as text. */
export function contents({ directory }: { directory: string }): string {
  const sql = new Sqlite(join(directory, 'fiducial.sqlite'), { readonly: true });
  try {
    const tables = sql
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all() as string[];
    return JSON.stringify(tables.map((name) => [name, sql.prepare(`SELECT * FROM "${name}"`).raw().all()]));
  } finally {
    sql.close();
  }
}
