/** Whatever is done to labels, by whomever, the catalogue in memory is what the database holds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelStates, toPoints } from '../../src/domain/label.ts';
import { CatalogueShelf } from '../../src/service/catalogue.ts';
import { WorkspaceHolder } from '../../src/service/holder.ts';
import type { Actor } from '../../src/workspace/cells.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, ana, ben, firstImport, openScratch } from '../workspace/scratch.ts';

type Act = (workspace: Workspace) => void;

const actor = fc.constantFrom<Actor>(ana, ben, firstImport);
const meanShape: Actor = { kind: 'shape', name: '2' };
const label = fc.oneof(
  fc.record({
    state: fc.constantFrom('visible' as const, 'occluded' as const),
    x: fc.integer(),
    y: fc.integer(),
  }),
  fc.record({ state: fc.constantFrom('missing' as const, 'absent' as const) }),
);
const edit = fc
  .record({
    actor,
    changes: fc.array(
      fc.record({
        imageId: fc.integer({ min: 1, max: 3 }),
        keypoint: fc.nat(2),
        after: label,
        author: fc.constantFrom(undefined, meanShape),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(
    ({ actor, changes }): Act =>
      (workspace) =>
        workspace.journal.apply({
          actor,
          changes: changes.map(({ author, ...change }) => (author ? { ...change, author } : change)),
        }),
  );
const undo = actor.map(
  (actor): Act =>
    (workspace) =>
      workspace.journal.undo({ actor }),
);
const redo = actor.map(
  (actor): Act =>
    (workspace) =>
      workspace.journal.redo({ actor }),
);
const added = fc.nat(255).map(
  (number): Act =>
    (workspace) =>
      addPicture(workspace, number),
);
/** Somebody asks meanwhile, so that what comes later is read on from there. */
const look: Act = () => undefined;

test('the catalogue is what the database holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(edit, edit, undo, redo, added, fc.constant(look)), { maxLength: 15 }),
      async (acts) => {
        const workspace = openScratch();
        for (const number of [1, 2, 3]) addPicture(workspace, number);
        const holder = new WorkspaceHolder(workspace.directory, () => undefined); // reads beside the writer
        const shelf = new CatalogueShelf(holder);
        for (const act of acts) {
          if (act === look) shelf.current();
          act(workspace);
        }
        const catalogue = await shelf.whole();
        expect([...catalogue.ids]).toEqual(workspace.images.ids());
        for (const [row, imageId] of catalogue.ids.entries()) {
          const labels = workspace.labels.of(imageId);
          const cells = [row * 3, row * 3 + 3] as const;
          const states = labels.map(({ state }) => labelStates.indexOf(state));
          const authors = workspace.labels
            .authorsOf(imageId)
            .map((author) => (author ? workspace.labels.authorId(author) : 0));
          expect([...catalogue.states.subarray(...cells)]).toEqual(states);
          expect([...catalogue.authors.subarray(...cells)]).toEqual(authors);
          const acceptors = [0, 0, 0];
          for (const [, keypoint, , , , , acceptor] of workspace.labels.cells(imageId, imageId))
            acceptors[keypoint] = acceptor ?? 0;
          expect([...catalogue.acceptors.subarray(...cells)]).toEqual(acceptors);
          expect(catalogue.pointsOf(row)).toEqual(Float32Array.from(toPoints(labels)));
          expect(catalogue.missing[row]).toBe(states.filter((state) => state === 0).length);
        }
        holder.close();
        workspace.close();
      },
    ),
    { numRuns: 40 },
  );
});
