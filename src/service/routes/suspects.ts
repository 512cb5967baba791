/** Labels that are probably wrong, and what people say of them. */
import type { CatalogueShelf } from '../catalogue.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { settle } from '../labelling.ts';
import { procedures } from '../procedures.ts';
import type { RunFinder } from '../run-finder.ts';
import type { Shapes } from '../shapes.ts';
import type { Supervisor } from '../supervisor.ts';

interface Parts {
  readonly holder: WorkspaceHolder;
  readonly shelf: CatalogueShelf;
  readonly shapes: Shapes;
  readonly supervisor: Supervisor;
  readonly finder: RunFinder;
  readonly feed: ChangeFeed;
}

export function suspectRoutes({ feed, finder, ...parts }: Parts) {
  const { holder } = parts;
  return {
    list: procedures.suspects.list.handler(async ({ input, signal }) => {
      const { listSuspects } = await import('../suspects.ts');
      using _looking = holder.occupy('A search for wrong labels');
      return await listSuspects(parts, finder.finished(input.run), input.limit, signal);
    }),
    settle: procedures.suspects.settle.handler(({ input, context }) => {
      const settled = settle(holder.writeTo(input, context), context.user, input);
      feed.tellLabels(context, settled.changed);
      return settled;
    }),
    unsettle: procedures.suspects.unsettle.handler(({ input, context }) => {
      holder.writeTo(input, context).verdicts.withdraw(input.cells);
    }),
  };
}
