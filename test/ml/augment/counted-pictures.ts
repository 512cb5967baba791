/** Black pictures, any number of them, which count how often one is read, in whatever thread. */
import type { Pictures, PictureSource } from '../../../src/ml/training/pictures.ts';

interface Counted {
  /** Pixels of a picture. */
  readonly size: number;
  /** One element on shared memory: how many pictures have been read. */
  readonly reads: Int32Array;
}

export function countedPictures(size: number): { source: PictureSource; reads: Int32Array } {
  const reads = new Int32Array(new SharedArrayBuffer(4));
  return { source: { module: import.meta.url, given: { size, reads } satisfies Counted }, reads };
}

/** @public openPictures calls it by its name. */
export function open(given: Counted): Pictures {
  const black = new Uint8Array(given.size);
  return {
    read() {
      Atomics.add(given.reads, 0, 1);
      return black;
    },
    source: { module: import.meta.url, given },
  };
}
