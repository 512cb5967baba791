/** What a run says beside what labels say. */
import type { CatalogueShelf } from '../catalogue.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';
import type { Selections } from '../selections.ts';

interface Parts {
  readonly holder: WorkspaceHolder;
  readonly shelf: CatalogueShelf;
  readonly finder: RunFinder;
  readonly selections: Selections;
}

export function reviewRoutes({ holder, shelf, finder, selections }: Parts) {
  return {
    order: procedures.review.order.handler(async ({ input: { run, filter, ...asked } }) => {
      const { reviewOrder } = await import('../review.ts');
      return reviewOrder(await selections.matching(filter, { whole: true }), finder.finished(run), asked);
    }),
    images: procedures.review.images.handler(async ({ input: { run, ids } }) => {
      const { reviewImages } = await import('../review.ts');
      return reviewImages(holder.read(), await shelf.whole(), finder.finished(run), ids);
    }),
    summary: procedures.review.summary.handler(async ({ input: { run, filter }, signal }) => {
      const { reviewSummary } = await import('../review-summary.ts');
      using _summing = holder.occupy('A review');
      const matching = await selections.matching(filter, { whole: true });
      return await reviewSummary(matching, finder.finished(run), signal);
    }),
  };
}
