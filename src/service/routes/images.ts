/** Images: pages of them, single ones, and what they add up to. */
import type { CatalogueShelf } from '../catalogue.ts';
import type { Disputes } from '../disputes.ts';
import { facetsOf } from '../facets.ts';
import { keypointJudged } from '../filter.ts';
import { heatOf } from '../heat.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { viewForEditor, viewImage } from '../image-views.ts';
import { matrixOf } from '../matrix.ts';
import { procedures } from '../procedures.ts';
import type { Selections } from '../selections.ts';
import type { Shapes } from '../shapes.ts';

interface Parts {
  readonly holder: WorkspaceHolder;
  readonly shelf: CatalogueShelf;
  readonly selections: Selections;
  readonly disputes: Disputes;
  readonly shapes: Shapes;
}

export function imageRoutes({ holder, shelf, selections, disputes, shapes }: Parts) {
  return {
    page: procedures.images.page.handler(async ({ input: { offset, limit, ...selected } }) => {
      const { total, ids } = await selections.page(selected, offset, limit);
      const workspace = holder.read();
      const shape = shapes.peek()?.model;
      const judged = keypointJudged(selected.filter, workspace);
      return { total, images: ids.map((id) => viewImage(workspace, id, shape, judged)) };
    }),
    get: procedures.images.get.handler(({ input }) => {
      const workspace = holder.read();
      const shape = shapes.peek()?.model;
      return input.ids.map((id) => viewForEditor(workspace, id, shape, () => shelf.current()));
    }),
    position: procedures.images.position.handler(({ input: { imageId, ...selected } }) =>
      selections.position(selected, imageId),
    ),
    matrix: procedures.images.matrix.handler(async ({ input }) =>
      matrixOf(await selections.matching(input.filter)),
    ),
    facets: procedures.images.facets.handler(async () => {
      const catalogue = await shelf.whole();
      return facetsOf(holder.read(), catalogue, disputes);
    }),
    heat: procedures.images.heat.handler(async ({ input, signal }) =>
      heatOf(holder, await selections.matching(input.filter, { whole: true }), signal),
    ),
    shape: procedures.images.shape.handler(async () => {
      const { model, errors } = await shapes.get();
      return {
        images: model.images,
        placed: Array.from(model.placed),
        mean: Array.from(model.mean),
        covariance: Array.from(model.covariance),
        shapeErrors: errors.shape,
        mirrorErrors: errors.mirror,
      };
    }),
  };
}
