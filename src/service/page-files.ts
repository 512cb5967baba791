/** The files of the built page. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Files in assets/ carry a hash of their content in their name. @returns undefined when there is no such file */
export async function pageFile(
  folder: string,
  pathname: string,
): Promise<{ type: string; body: Buffer; immutable: boolean } | undefined> {
  const path = pathname === '/' ? '/index.html' : pathname;
  // No dot but the one before the extension: nothing above or hidden in the folder can be named.
  if (!/^(\/assets)?\/[\w-]+\.[a-z]+$/.test(path)) return undefined;
  const type = types[extname(path)];
  if (type === undefined) return undefined;
  try {
    return { type, body: await readFile(join(folder, path)), immutable: path.startsWith('/assets/') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
