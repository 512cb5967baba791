/** Random histories of three actors on two images, set beside a model of the journal that has stacks instead of rows. */
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { isPlaced, missing, sameLabel } from '../../src/domain/label.ts';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, ana, ben, firstImport, threePoints } from './scratch.ts';

const images = 2;
const keypoints = threePoints.keypoints.length;
const actors = [ana, ben, firstImport];

interface Holding {
  readonly label: Label;
  /** Position in actors; -1 where nobody ever touched the cell. */
  readonly author: number;
}

interface Step {
  readonly cell: number;
  readonly before: Holding;
  readonly after: Holding;
}

/** What the journal should do, in memory. */
class Model {
  readonly cells: Holding[] = new Array<Holding>(images * keypoints).fill({ label: missing, author: -1 });
  readonly #undo: Step[][][] = actors.map(() => []);
  readonly #redo: Step[][][] = actors.map(() => []);

  edit(author: number, changes: readonly { cell: number; label: Label }[]): void {
    const steps = changes.flatMap(({ cell, label }) => {
      const before = this.cells[cell]!;
      if (sameLabel(before.label, label)) return [];
      const after = { label, author };
      this.cells[cell] = after;
      return [{ cell, before, after }];
    });
    if (steps.length === 0) return;
    this.#undo[author]!.push(steps);
    this.#redo[author] = [];
  }

  /** @returns how many cells it changed; undefined where there was nothing to undo */
  undo(author: number): number | undefined {
    return this.#move(this.#undo[author]!, this.#redo[author]!);
  }

  redo(author: number): number | undefined {
    return this.#move(this.#redo[author]!, this.#undo[author]!);
  }

  #move(from: Step[][], to: Step[][]): number | undefined {
    const steps = from.pop();
    if (!steps) return undefined;
    const reversed = this.#reverse(steps);
    to.push(reversed);
    return reversed.length;
  }

  /** Steps on cells that somebody else has changed since are dropped. */
  #reverse(steps: readonly Step[]): Step[] {
    const reversed: Step[] = [];
    for (const { cell, before, after } of steps.toReversed()) {
      const current = this.cells[cell]!;
      if (current.author !== after.author || !sameLabel(current.label, after.label)) continue;
      this.cells[cell] = before;
      reversed.push({ cell, before: after, after: before });
    }
    return reversed;
  }
}

const label: fc.Arbitrary<Label> = fc.oneof(
  fc.constantFrom<Label>({ state: 'missing' }, { state: 'absent' }),
  fc.record({
    state: fc.constantFrom('visible', 'occluded'),
    x: fc.integer({ max: 2, min: 0 }),
    y: fc.constant(0),
  }),
);
const actor = fc.integer({ min: 0, max: actors.length - 1 });
const change = fc.record({ cell: fc.integer({ min: 0, max: images * keypoints - 1 }), label });
type Operation =
  | {
      readonly kind: 'edit';
      readonly actor: number;
      readonly changes: readonly { cell: number; label: Label }[];
    }
  | { readonly kind: 'undo' | 'redo'; readonly actor: number }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'reopen' };
const operation = fc.oneof<fc.MaybeWeightedArbitrary<Operation>[]>(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('edit'),
      actor,
      changes: fc.array(change, { maxLength: 4 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('undo', 'redo'), actor }) },
  { weight: 1, arbitrary: fc.constantFrom<Operation>({ kind: 'snapshot' }, { kind: 'reopen' }) },
);

function pointsOf(cells: readonly Holding[]): number[] {
  return cells.flatMap(({ label }) => (isPlaced(label) ? [label.x, label.y] : [NaN, NaN]));
}

test('labels, undo, redo and snapshots agree with the model, and the labels with the journal, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30, size: 'max' }), (operations) => {
      const directory = mkdtempSync(join(tmpdir(), 'fiducial-'));
      const open = () => Workspace.open(directory, { create: true, schema: threePoints });
      let workspace = open();
      try {
        const ids = Array.from({ length: images }, (_, number) => addPicture(workspace, number));
        const model = new Model();
        const snapshots: { id: string; points: number[] }[] = [];
        for (const operation of operations) {
          if (operation.kind === 'reopen') {
            workspace.close();
            workspace = open();
          } else if (operation.kind === 'snapshot') {
            snapshots.push({ id: workspace.snapshots.take().id, points: pointsOf(model.cells) });
          } else if (operation.kind === 'edit') {
            model.edit(operation.actor, operation.changes);
            const changes = operation.changes.map(({ cell, label: after }) => ({
              imageId: ids[Math.floor(cell / keypoints)]!,
              keypoint: cell % keypoints,
              after,
            }));
            workspace.journal.apply({ actor: actors[operation.actor]!, changes });
          } else {
            const { kind, actor } = operation;
            const undone = workspace.journal[kind]({ actor: actors[actor]! });
            expect(undone?.changed.length).toBe(model[kind](actor));
          }
        }
        expect(ids.flatMap((id) => workspace.labels.of(id))).toEqual(model.cells.map(({ label }) => label));
        expect(ids.flatMap((id) => workspace.labels.authorsOf(id))).toEqual(
          model.cells.map(({ author }) => actors[author]),
        );
        expect(workspace.journal.rebuildFromJournal()).toEqual([]);
        for (const { id, points } of snapshots)
          expect([...workspace.snapshots.points(id, ids)]).toEqual(points);
      } finally {
        workspace.close();
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
});
