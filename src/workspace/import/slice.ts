/** A stretch of an open file, read wherever one likes: a whole file, or a zip archive stored within another one. */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

const chunkBytes = 1 << 18;

export class FileSlice {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #start: number;

  constructor(handle: FileHandle, start: number, size: number) {
    this.#handle = handle;
    this.#start = start;
    this.size = size;
  }

  slice(start: number, size: number): FileSlice {
    return new FileSlice(this.#handle, this.#start + start, size);
  }

  /** Fills the buffer from `position` on. @returns how many bytes there were: 0 at the end */
  async readAt(position: number, buffer: Buffer): Promise<number> {
    const length = Math.min(buffer.length, this.size - position);
    return (await this.#handle.read(buffer, 0, length, this.#start + position)).bytesRead;
  }

  /** The bytes from `start` to `end` (exclusive), fewer where the file ends before. */
  async *read(start = 0, end = this.size): AsyncGenerator<Buffer> {
    for (let position = start; position < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - position));
      const length = await this.readAt(position, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      position += length;
    }
  }
}

/** What yauzl reads an archive through. */
export class SliceReader extends RandomAccessReader {
  readonly #slice: FileSlice;

  constructor(slice: FileSlice) {
    super();
    this.#slice = slice;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#slice.read(start, end));
  }
}
