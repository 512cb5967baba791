/** A file for what is too large for memory, gone when the process is gone. */
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class ScratchFile implements AsyncDisposable {
  readonly handle: FileHandle;
  readonly #directory: string;
  #size = 0;

  private constructor(handle: FileHandle, directory: string) {
    this.handle = handle;
    this.#directory = directory;
  }

  /** In the system's folder for temporary files. */
  static async create(): Promise<ScratchFile> {
    const directory = await mkdtemp(join(tmpdir(), 'fiducial-'));
    const handle = await open(join(directory, 'scratch'), 'w+');
    // An open file without a name lives as long as the process, even one that is killed. Windows does not know such files.
    if (process.platform !== 'win32') await rm(directory, { recursive: true });
    return new ScratchFile(handle, directory);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns where in the file the bytes begin. */
  async append(bytes: Uint8Array): Promise<number> {
    const start = this.#size;
    for (let written = 0; written < bytes.length;)
      written += (await this.handle.write(bytes, written, bytes.length - written, start + written))
        .bytesWritten;
    this.#size += bytes.length;
    return start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
