/** Images: pages of them, single ones, and what they add up to. */
import type { WorkspaceHolder } from '../holder.ts';
import { viewForEditor, viewImage } from '../image-views.ts';
import { matrixOf } from '../matrix.ts';
import { procedures } from '../procedures.ts';
import type { Selections } from '../selections.ts';

export function imageRoutes(holder: WorkspaceHolder, selections: Selections) {
  return {
    page: procedures.images.page.handler(async ({ input: { offset, limit, ...selected } }) => {
      const { total, ids } = await selections.page(selected, offset, limit);
      const workspace = holder.read();
      return { total, images: ids.map((id) => viewImage(workspace, id)) };
    }),
    get: procedures.images.get.handler(({ input }) => {
      const workspace = holder.read();
      return input.ids.map((id) => viewForEditor(workspace, id));
    }),
    position: procedures.images.position.handler(({ input: { imageId, ...selected } }) =>
      selections.position(selected, imageId),
    ),
    matrix: procedures.images.matrix.handler(async ({ input }) =>
      matrixOf(await selections.matching(input.filter)),
    ),
  };
}
