/** Pictures of a dataset, read when they are asked for, so that memory does not grow with their number. */

export interface Pictures {
  /**
   * @param position in the dataset
   * @returns gray, [height, width] of the input; what it holds is good until the next one is read
   */
  read(position: number): Uint8Array;
  /** The same pictures for other threads. */
  readonly source: PictureSource;
}

/** What crosses to a thread: the address of a module, and what its function `open` turns into Pictures there. */
export interface PictureSource {
  readonly module: string;
  readonly given: unknown;
}

export async function openPictures({ module, given }: PictureSource): Promise<Pictures> {
  const { open } = (await import(module)) as { open(given: unknown): Pictures };
  return open(given);
}

/** @param pixels [pictures, height, width]; @param size pixels of a picture */
export function picturesInMemory(pixels: Uint8Array, size: number): Pictures {
  return {
    read: (position) => pixels.subarray(position * size, (position + 1) * size),
    source: { module: import.meta.url, given: { pixels, size } },
  };
}

/** @public openPictures calls it by its name. */
export function open({ pixels, size }: { pixels: Uint8Array; size: number }): Pictures {
  return picturesInMemory(pixels, size);
}
