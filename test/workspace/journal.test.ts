import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { missing } from '../../src/domain/label.ts';
import type { Actor } from '../../src/workspace/cells.ts';
import { LabelConflict } from '../../src/workspace/journal.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import {
  addPicture,
  ana,
  ben,
  firstImport,
  leftEye,
  nose,
  openScratch,
  rightEye,
  visible,
} from './scratch.ts';

function prepared() {
  const workspace = openScratch();
  const imageId = addPicture(workspace, 1);
  const set = (actor: Actor, keypoint: number, after: Label, image = imageId) =>
    workspace.journal.apply({ actor, changes: [{ imageId: image, keypoint, after }] });
  return { workspace, imageId, set, ...workspace };
}

function labels(workspace: Workspace, imageId: number): string[] {
  return workspace.labels.of(imageId).map((label) => ('x' in label ? `${label.x},${label.y}` : label.state));
}

describe('a change', () => {
  test('sets labels and says so in the journal', () => {
    const { workspace, imageId, journal, history } = prepared();
    const changeId = journal.apply({
      actor: ana,
      changes: [
        { imageId, keypoint: leftEye, after: visible(66.0335639098, 39) },
        { imageId, keypoint: nose, after: { state: 'absent' } },
      ],
      note: 'first look',
    });
    expect(labels(workspace, imageId)).toEqual(['66.0335639098,39', 'missing', 'absent']);
    expect(history.entries().at(-1)).toMatchObject({
      ...{ changeId, actor: ana, author: ana, kind: 'edit', undoes: null, note: 'first look' },
      ...{ imageId, keypoint: leftEye, before: missing, after: visible(66.0335639098, 39) },
    });
  });

  test('of nothing is not written', () => {
    const { set, history } = prepared();
    set(ana, nose, visible(1, 2));
    expect(set(ana, nose, visible(1, 2))).toBeUndefined();
    expect(history.entries()).toHaveLength(1);
  });

  test('is made as a whole or not at all', () => {
    const { workspace, imageId, journal, history } = prepared();
    const changes = [nose, 3].map((keypoint) => ({ imageId, keypoint, after: visible(1, 2) }));
    expect(() => journal.apply({ actor: ana, changes })).toThrow('The schema has no keypoint 3.');
    expect(labels(workspace, imageId)).toEqual(['missing', 'missing', 'missing']);
    expect(history.entries()).toEqual([]);
  });

  test('of a cell that somebody changed meanwhile is refused, naming the cell', () => {
    const { imageId, journal, set } = prepared();
    set(ben, nose, visible(5, 5));
    const late = () =>
      journal.apply({
        actor: ana,
        changes: [{ imageId, keypoint: nose, before: missing, after: visible(1, 2) }],
      });
    expect(late).toThrow(LabelConflict);
    expect(late).toThrow(
      `Keypoint 2 of image ${imageId} was changed meanwhile: expected missing, found visible at (5, 5)`,
    );
  });

  test('names every cell that somebody changed meanwhile, but not those that hold the label already', () => {
    const { imageId, journal, set } = prepared();
    for (const keypoint of [leftEye, rightEye, nose]) set(ben, keypoint, visible(5, 5));
    const changes = [
      { imageId, keypoint: leftEye, before: missing, after: visible(1, 2) },
      { imageId, keypoint: rightEye, before: missing, after: visible(5, 5) },
      { imageId, keypoint: nose, before: missing, after: visible(1, 2) },
    ];
    let conflict: unknown;
    try {
      journal.apply({ actor: ana, changes });
    } catch (error) {
      conflict = error;
    }
    const cells = (conflict as LabelConflict).conflicts.map(({ keypoint, found }) => [keypoint, found]);
    expect(cells).toEqual([
      [leftEye, visible(5, 5)],
      [nose, visible(5, 5)],
    ]);
  });

  test('whose label stays as it is makes it the author’s that it names; else nothing is written', () => {
    const { imageId, journal, set, workspace } = prepared();
    set(firstImport, nose, visible(5, 5));
    const cell = { imageId, keypoint: nose, after: visible(5, 5) };
    expect(journal.apply({ actor: ana, changes: [cell] })).toBeUndefined();
    journal.apply({ actor: ana, changes: [{ ...cell, author: ana }] });
    expect(workspace.labels.authorsOf(imageId)[nose]).toEqual(ana);
    journal.undo({ actor: ana });
    expect(workspace.labels.authorsOf(imageId)[nose]).toEqual(firstImport);
  });

  test('needs coordinates that are numbers', () => {
    const { set } = prepared();
    expect(() => set(ana, nose, visible(NaN, 2))).toThrow(/label_state/);
  });

  test('may be due to a model, though a person made it', () => {
    const { imageId, journal, history, labels: current } = prepared();
    const author = { kind: 'model-run', name: '12' } as const;
    journal.apply({ actor: ana, changes: [{ imageId, keypoint: nose, after: visible(1, 2), author }] });
    expect(history.entries()[0]).toMatchObject({ actor: ana, author });
    expect(current.authorsOf(imageId)[nose]).toEqual(author);
  });

  test('leaves a cell to the person who cleared it', () => {
    const { imageId, set, labels: current } = prepared();
    set(firstImport, nose, visible(1, 2));
    set(ana, nose, missing);
    expect(current.authorsOf(imageId)).toEqual([undefined, undefined, ana]);
  });
});

describe('the journal', () => {
  test.each([
    'UPDATE entry SET after_x = 0',
    'DELETE FROM entry',
    'UPDATE change SET at = 0',
    'DELETE FROM change',
  ])('refuses %s', (statement) => {
    const { workspace, set } = prepared();
    set(ana, nose, visible(1, 2));
    workspace.close();
    const database = new Sqlite(join(workspace.directory, 'fiducial.sqlite'));
    expect(() => database.exec(statement)).toThrow('The journal is append-only.');
    database.close();
  });

  test('lists the history of one cell, the latest first, page by page', () => {
    const { imageId, set, history } = prepared();
    [1, 2, 3].forEach((x) => set(ana, nose, visible(x, 0)));
    set(ana, leftEye, visible(9, 9));
    const [third, second] = history.entries({ imageId, keypoint: nose, limit: 2 });
    expect([third!.after, second!.after]).toEqual([visible(3, 0), visible(2, 0)]);
    expect(history.entries({ imageId, keypoint: nose, before: second!.id })).toMatchObject([
      { after: visible(1, 0) },
    ]);
  });

  test('puts right labels that do not agree with it', () => {
    const { workspace, imageId, set } = prepared();
    set(ana, nose, visible(1, 2));
    workspace.close();
    const database = new Sqlite(join(workspace.directory, 'fiducial.sqlite'));
    database.exec('UPDATE label SET x = 99');
    database.close();
    const reopened = openScratch(workspace.directory);
    expect(reopened.journal.rebuildFromJournal()).toEqual([{ imageId, keypoint: nose }]);
    expect(labels(reopened, imageId)).toEqual(['missing', 'missing', '1,2']);
  });
});

describe('undo and redo', () => {
  test('walk back and forth through all changes', () => {
    const { workspace, imageId, set, journal } = prepared();
    set(ana, nose, visible(1, 1));
    set(ana, nose, visible(2, 2));
    const noseAfter = (step: () => unknown) => {
      step();
      return labels(workspace, imageId)[nose];
    };
    const undo = () => journal.undo({ actor: ana });
    const redo = () => journal.redo({ actor: ana });
    expect([undo, undo, redo, redo, undo, redo, undo].map(noseAfter)).toEqual(
      ['1,1', 'missing', '1,1', '2,2', '1,1', '2,2', '1,1'], // prettier-ignore
    );
  });

  test('outlive a restart', () => {
    const { workspace, imageId, set } = prepared();
    set(ana, nose, visible(1, 1));
    set(ana, nose, visible(2, 2));
    workspace.journal.undo({ actor: ana });
    workspace.close();
    const reopened = openScratch(workspace.directory);
    reopened.journal.redo({ actor: ana });
    expect(labels(reopened, imageId)[nose]).toBe('2,2');
  });

  test('are entries of the journal themselves', () => {
    const { set, journal, history } = prepared();
    const edit = set(ana, nose, visible(1, 1));
    const undo = journal.undo({ actor: ana })!;
    const redo = journal.redo({ actor: ana })!;
    expect([undo.undoes, redo.undoes]).toEqual([edit, undo.changeId]);
    expect(history.entries().map(({ kind }) => kind)).toEqual(['redo', 'undo', 'edit']);
  });

  test('take back a change as a whole', () => {
    const { workspace, imageId, journal } = prepared();
    const changes = [leftEye, rightEye, nose].map((keypoint) => ({
      imageId,
      keypoint,
      after: visible(1, 1),
    }));
    journal.apply({ actor: ana, changes });
    journal.undo({ actor: ana });
    expect(labels(workspace, imageId)).toEqual(['missing', 'missing', 'missing']);
  });

  test('have nothing to do at the ends', () => {
    const { journal } = prepared();
    expect(journal.undo({ actor: ana })).toBeUndefined();
    expect(journal.redo({ actor: ana })).toBeUndefined();
  });

  test('lose what could be redone to a new edit', () => {
    const { set, journal } = prepared();
    set(ana, nose, visible(1, 1));
    journal.undo({ actor: ana });
    set(ana, leftEye, visible(2, 2));
    expect(journal.redo({ actor: ana })).toBeUndefined();
  });

  test('of a named change are done once, however often they are asked for', () => {
    const { imageId, journal, history, labels: current, set } = prepared();
    set(ana, nose, visible(1, 1));
    set(ana, nose, visible(2, 2));
    const change = journal.latest('undo', { actor: ana })!;
    const undone = journal.undo({ actor: ana, change });
    expect(journal.undo({ actor: ana, change })).toEqual(undone);
    expect(current.of(imageId)[nose]).toEqual(visible(1, 1));
    const again = journal.latest('redo', { actor: ana })!;
    expect(again).toBe(undone!.changeId);
    journal.redo({ actor: ana, change: again });
    journal.redo({ actor: ana, change: again });
    expect(current.of(imageId)[nose]).toEqual(visible(2, 2));
    expect(history.entries().map(({ kind }) => kind)).toEqual(['redo', 'undo', 'edit', 'edit']);
  });

  test('of somebody else’s change, or of one that is none of that kind, do nothing', () => {
    const { journal, set } = prepared();
    set(ben, nose, visible(1, 1));
    const change = journal.latest('undo', { actor: ben })!;
    expect(journal.undo({ actor: ana, change })).toBeUndefined();
    expect(journal.redo({ actor: ben, change })).toBeUndefined();
  });

  test('skip over what was undone before a new edit', () => {
    const { workspace, imageId, set, journal } = prepared();
    set(ana, nose, visible(1, 1));
    set(ana, nose, visible(2, 2));
    journal.undo({ actor: ana });
    set(ana, nose, visible(3, 3));
    journal.undo({ actor: ana });
    journal.undo({ actor: ana });
    expect(labels(workspace, imageId)[nose]).toBe('missing');
  });

  test('keep to one image where asked to', () => {
    const { workspace, imageId, set, journal } = prepared();
    const other = addPicture(workspace, 2);
    set(ana, nose, visible(1, 1));
    set(ana, nose, visible(2, 2), other);
    journal.undo({ actor: ana, imageId });
    expect([labels(workspace, imageId)[nose], labels(workspace, other)[nose]]).toEqual(['missing', '2,2']);
    journal.redo({ actor: ana, imageId });
    expect(labels(workspace, imageId)[nose]).toBe('1,1');
  });

  test('can still redo on one image after an edit on another', () => {
    const { workspace, imageId, set, journal } = prepared();
    set(ana, nose, visible(1, 1));
    journal.undo({ actor: ana });
    set(ana, nose, visible(2, 2), addPicture(workspace, 2));
    journal.redo({ actor: ana, imageId });
    expect(labels(workspace, imageId)[nose]).toBe('1,1');
  });

  test('leave imports and other people’s edits alone', () => {
    const { workspace, imageId, set, journal } = prepared();
    set(firstImport, leftEye, visible(1, 1));
    set(ana, nose, visible(2, 2));
    set(ben, rightEye, visible(3, 3));
    journal.undo({ actor: ana });
    expect(journal.undo({ actor: ana })).toBeUndefined();
    expect(labels(workspace, imageId)).toEqual(['1,1', '3,3', 'missing']);
  });

  test('keep a cell that somebody else has changed since, and say so', () => {
    const { workspace, imageId, set, journal } = prepared();
    const changes = [leftEye, nose].map((keypoint) => ({ imageId, keypoint, after: visible(1, 1) }));
    journal.apply({ actor: ana, changes });
    set(ben, nose, visible(2, 2));
    expect(journal.undo({ actor: ana })).toMatchObject({
      changed: [{ imageId, keypoint: leftEye }],
      kept: [{ imageId, keypoint: nose }],
    });
    expect(labels(workspace, imageId)).toEqual(['missing', 'missing', '2,2']);
  });

  test('give a cell back to whom it was due to', () => {
    const { imageId, set, journal, labels: current } = prepared();
    set(firstImport, nose, visible(1, 1));
    set(ana, nose, visible(2, 2));
    journal.undo({ actor: ana });
    expect(current.authorsOf(imageId)[nose]).toEqual(firstImport);
  });
});
