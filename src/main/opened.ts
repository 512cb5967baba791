/** What a path is that somebody has opened with the app. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type Opened =
  | { readonly kind: 'workspace'; readonly directory: string }
  /** An archive, a folder or a table. */
  | { readonly kind: 'import'; readonly path: string };

const database = 'fiducial.sqlite';

/** @throws an Error with the reason when there is nothing that the app could open */
export function whatIs(path: string): Opened {
  if (!existsSync(path)) throw new Error(`There is no file or folder ${path}.`);
  if (basename(path) === database) return { kind: 'workspace', directory: dirname(path) };
  if (statSync(path).isDirectory() && existsSync(join(path, database)))
    return { kind: 'workspace', directory: path };
  return { kind: 'import', path };
}
