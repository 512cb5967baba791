/**
 * Files on their way between a browser and the service. The browser cannot name a file of its own machine, so it sends
 * what is to be imported and names it `upload:…`, and it has an export written to `download:…` and then fetches that.
 */
import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Files } from '../service/caller.ts';

/** Of one upload, in bytes: ten times the competition's archive. */
const largestUpload = 4 * 1024 ** 3;

/** So many uploads are kept, for an import to be tried again. */
const kept = 4;

const id = '[0-9a-f-]{32,36}';
/** Neither hidden nor above: a letter or digit first, and no separator. */
const fileName = '[\\p{L}\\p{N}][\\p{L}\\p{N} ._()+-]{0,120}';
const uploadPattern = new RegExp(`^upload:(${id})/(${fileName})$`, 'u');
const downloadPattern = new RegExp(`^download:(${id})/(${fileName})$`, 'u');

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export class Exchange {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fiducial-'));
  readonly #uploads: string[] = [];

  /**
   * Keeps what the browser sends.
   * @param name the file's own; @returns what to call it in the contract, or undefined for a name that is none
   * @throws TooLarge when there is more than `limit` bytes
   */
  async take(name: string, content: Readable, limit = largestUpload): Promise<string | undefined> {
    const path = `upload:${randomUUID()}/${name}`;
    const file = this.#place(uploadPattern, path);
    if (file === undefined) return undefined;
    const folder = dirname(file);
    mkdirSync(folder);
    try {
      await pipeline(content, limited(limit), createWriteStream(file));
    } catch (error) {
      remove(folder);
      throw error;
    }
    this.#uploads.push(folder);
    for (const old of this.#uploads.splice(0, this.#uploads.length - kept)) remove(old);
    return path;
  }

  /** @param name percent-encoded; @returns what has been written to `download:ID/NAME`, once; undefined when there is nothing */
  give(id: string, name: string): { readonly size: number; readonly content: Readable } | undefined {
    const file = this.#place(downloadPattern, `download:${id}/${decoded(name)}`);
    if (file === undefined) return undefined;
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    const taken = `${file}.taken`; // nobody else gets it, however long this takes
    renameSync(file, taken);
    const content = createReadStream(taken);
    content.on('close', () => remove(dirname(file)));
    return { size, content };
  }

  /** @param others what becomes of a path that is neither: a person at this machine may name any */
  files(others: (path: string) => string): Files {
    return {
      readable: (path) => this.#place(uploadPattern, path) ?? others(path),
      writable: (path) => {
        const file = this.#place(downloadPattern, path);
        if (file === undefined) return others(path);
        mkdirSync(dirname(file), { recursive: true });
        return file;
      },
    };
  }

  close(): void {
    remove(this.#folder);
  }

  #place(pattern: RegExp, path: string): string | undefined {
    const [, id, name] = pattern.exec(path) ?? [];
    return id === undefined || name === undefined ? undefined : join(this.#folder, id, name);
  }
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

function limited(limit: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limit) throw new TooLarge();
      yield chunk;
    }
  };
}

/** What is no percent-encoding stays what it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
