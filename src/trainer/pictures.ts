/** Pictures of a workspace at the network's input, read from its database one by one. */
import { fitPixels, networkInput } from '../ml/training/fit.ts';
import type { Pictures } from '../ml/training/pictures.ts';
import { Workspace } from '../workspace/workspace.ts';

/** @param imageIds in the order of the positions; on shared memory, or every thread copies them */
export function picturesOf({ directory, images }: Workspace, imageIds: Int32Array): Pictures {
  return {
    read(position) {
      const id = imageIds[position]!;
      const { width, height } = images.get(id)!;
      const pixels = images.pixels(id);
      const fits = width === networkInput.width && height === networkInput.height;
      return fits ? pixels : fitPixels({ width, height, pixels }, networkInput);
    },
    source: { module: import.meta.url, given: { directory, imageIds } },
  };
}

/** @public openPictures calls it by its name, in a thread, which has a connection of its own. */
export function open({ directory, imageIds }: { directory: string; imageIds: Int32Array }): Pictures {
  return picturesOf(Workspace.openReadOnly(directory), imageIds);
}
