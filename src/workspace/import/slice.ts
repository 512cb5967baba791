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

  /** The bytes from `start` to `end` (exclusive), fewer where the file ends before. */
  async *read(start = 0, end = this.size): AsyncGenerator<Buffer> {
    for (let position = start; position < end;) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - position));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#start + position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
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
