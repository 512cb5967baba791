/** A file for what is too large for memory, gone when the process is gone. */
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const windowBytes = 1 << 20;

export class ScratchFile implements AsyncDisposable {
  readonly handle: FileHandle;
  readonly #directory: string;
  #size = 0;

  // Written behind: a block is on its way to the disk while the other one is filled.
  #writing = Promise.resolve();
  #written: Uint8Array = new Uint8Array(0);
  #spare: Uint8Array = new Uint8Array(0);

  // Read ahead: what lies from windowStart on.
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

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

  /**
   * Takes a copy of the pieces, one after the other, to be written before long.
   * @returns where in the file they begin
   */
  async append(pieces: readonly Uint8Array[]): Promise<number> {
    const start = this.#size;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const block = this.#spare.length < length ? new Uint8Array(length) : this.#spare;
    let filled = 0;
    for (const piece of pieces) {
      block.set(piece, filled);
      filled += piece.length;
    }
    await this.#writing;
    this.#spare = this.#written;
    this.#written = block;
    this.#size += length;
    this.#writing = this.#write(block.subarray(0, length), start);
    this.#writing.catch(() => undefined); // Whoever appends or flushes next hears of it.
    return start;
  }

  /** Ends when all is written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(bytes: Uint8Array, start: number): Promise<void> {
    for (let written = 0; written < bytes.length;)
      written += (await this.handle.write(bytes, written, bytes.length - written, start + written))
        .bytesWritten;
  }

  /** Fills `bytes` from what was flushed; quick when it is read from the front to the back. */
  read(start: number, bytes: Uint8Array): void {
    if (start < this.#windowStart || start + bytes.length > this.#windowStart + this.#window.length) {
      const length = Math.min(Math.max(windowBytes, bytes.length), this.#size - start);
      this.#window = new Uint8Array(length);
      this.#windowStart = start;
      readSync(this.handle.fd, this.#window, 0, length, start);
    }
    const from = start - this.#windowStart;
    bytes.set(this.#window.subarray(from, from + bytes.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
