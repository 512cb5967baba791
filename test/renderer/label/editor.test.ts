import { describe, expect, test } from 'vitest';
import { type Label, missing } from '../../../src/domain/label.ts';
import { type Point, toScreen } from '../../../src/renderer/label/viewport.ts';
import type { Editor } from '../../../src/renderer/label/editor.ts';
import { authorText } from '../../../src/renderer/label/words.ts';
import { bench, click, editorOf, names, open, pageOf, until } from './bench.ts';
import type { Bench } from './bench.ts';

import { keypoint } from '../../fixtures/faces.ts';

const [eye, corner, nose] = [
  keypoint('left_eye_center'),
  keypoint('left_eye_outer_corner'),
  keypoint('nose_tip'),
];
const last = names.length - 1;

const target = ({ editor }: Bench) => editor.state.target;
const shown = ({ editor }: Bench) => editor.state.image?.id;
const label = ({ editor }: Bench, k: number) => editor.state.cells[k]!.label;

describe('an image that is shown', () => {
  test('has its first missing keypoint as the target', async () => {
    expect(target(await bench({ leaveOut: (_, k) => k === nose }))).toBe(nose);
  });

  test('has no target when nothing is missing', async () => {
    expect(target(await bench({ leaveOut: () => false }))).toBeUndefined();
  });

  test('is the first that needs work where none is asked for', async () => {
    const desk = await bench({ leaveOut: (image, k) => image === 3 && k === nose });
    await desk.editor.desk.open({ selection: {}, loop: undefined });
    expect(shown(desk)).toBe(4);
  });

  test('is none where no image is selected', async () => {
    const { editor } = await bench();
    await editor.desk.open({ selection: { filter: { text: 'nobody' } }, loop: undefined });
    expect(editor.state).toMatchObject({ image: undefined, loading: false, cells: [] });
  });
});

describe('a click', () => {
  test('places the target to a tenth of a pixel, and the next missing keypoint becomes the target', async () => {
    const desk = await bench();
    click(desk, 60.24, 40.08);
    expect(label(desk, eye)).toEqual({ state: 'visible', x: 60.2, y: 40.1 });
    expect(target(desk)).toBe(corner);
    expect(desk.editor.state.hint?.text).toBe('next: left eye outer corner');
  });

  test('is seen at once, and counts as saved when the database has it', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    expect(desk.editor.state.cells[eye]!.saved).toBe(false);
    expect(desk.editor.state.unsaved).toBe(1);
    await desk.settled();
    expect(desk.editor.state.cells[eye]).toMatchObject({
      saved: true,
      author: { kind: 'human', name: 'ana' },
    });
    expect(desk.stored(1, eye)).toEqual({ state: 'visible', x: 60, y: 40 });
  });

  test('just beside the picture places the point at its edge', async () => {
    const desk = await bench();
    click(desk, -1, 40);
    expect(label(desk, eye)).toMatchObject({ x: -0.5, y: 40 });
  });

  test('farther beside the picture does nothing', async () => {
    const desk = await bench();
    click(desk, -2, 40);
    expect(label(desk, eye)).toEqual(missing);
    desk.editor.select(nose);
    click(desk, -2, 40);
    expect(label(desk, nose)).toEqual(desk.faces[0]![nose]);
  });

  test('goes on to the next image when it fills the last missing keypoint', async () => {
    const desk = await bench({ leaveOut: (_, k) => k === nose });
    click(desk, 47, 60);
    await until(() => shown(desk) === 2);
    expect(target(desk)).toBe(nose);
  });

  test('without a target does nothing', async () => {
    const desk = await bench({ leaveOut: () => false });
    click(desk, 5, 5);
    await desk.settled();
    expect(await desk.client.labels.history({ imageId: 1 })).toHaveLength(names.length);
  });

  test('on a point selects it and leaves it where it is', async () => {
    const desk = await bench();
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    click(desk, x + 0.5, y);
    expect(target(desk)).toBe(nose);
    expect(label(desk, nose)).toEqual(desk.faces[0]![nose]);
  });

  test('near a point still places the missing target', async () => {
    const desk = await bench();
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    click(desk, x + 0.7, y); // 5.6 screen pixels
    expect(label(desk, eye)).toMatchObject({ state: 'visible' });
    expect(label(desk, nose)).toEqual(desk.faces[0]![nose]);
  });

  test('on a point of another keypoint places the one of loop mode', async () => {
    const desk = await bench({ loop: eye });
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    click(desk, x, y);
    expect(label(desk, nose)).toEqual(desk.faces[0]![nose]);
    await desk.settled();
    expect(desk.stored(1, eye)).toMatchObject({ state: 'visible' });
  });

  test('on a point that is hidden places the target', async () => {
    const desk = await bench();
    desk.gestures.markersShown = false;
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    click(desk, x, y);
    expect(label(desk, eye)).toMatchObject({ state: 'visible' });
  });

  test('moves a placed target that was selected', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    click(desk, 20, 70);
    expect(label(desk, nose)).toEqual({ state: 'visible', x: 20, y: 70 });
    expect(target(desk)).toBe(nose);
  });

  test('that is double places one point only', async () => {
    const desk = await bench();
    const at = { x: 300, y: 300, button: 0 };
    for (let i = 0; i < 2; i++) {
      desk.gestures.pointerDown(at);
      desk.gestures.pointerUp(at);
      desk.wait(80);
    }
    expect(label(desk, corner)).toEqual(missing);
  });

  test('soon after another at the same place counts when a key came between', async () => {
    const desk = await bench();
    click(desk, 49.5, 39.5);
    desk.editor.select(eye);
    desk.editor.clear();
    desk.gestures.release();
    click(desk, 49.5, 39.5);
    expect(label(desk, eye)).toEqual({ state: 'visible', x: 49.5, y: 39.5 });
  });
});

describe('a press', () => {
  test('shows the point at once and stores it when let go, where it is then', async () => {
    const desk = await bench();
    const { gestures, editor } = desk;
    gestures.pointerDown({ x: 430, y: 350, button: 0 });
    expect(editor.state.held).toMatchObject({ keypoint: eye, by: 'pointer', x: 49.5, y: 39.5 });
    gestures.pointerMove({ x: 438, y: 350 });
    expect(editor.state.unsaved).toBe(0);
    gestures.pointerUp({ x: 438, y: 350 });
    expect(label(desk, eye)).toEqual({ state: 'visible', x: 50.5, y: 39.5 });
  });

  test('on a point drags it', async () => {
    const desk = await bench();
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    const { gestures } = desk;
    const { scale, x: left, y: top } = gestures.viewport;
    const at = { x: left + (x + 0.5) * scale, y: top + (y + 0.5) * scale };
    gestures.pointerDown({ ...at, button: 0 });
    gestures.pointerMove({ x: at.x + 2 * scale, y: at.y });
    gestures.pointerUp({ x: at.x + 2 * scale, y: at.y });
    await desk.settled();
    expect(desk.stored(1, nose)).toEqual({ state: 'visible', x: Math.round(10 * (x + 2)) / 10, y });
  });

  test('keeps a dragged point occluded', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    desk.editor.toggleOccluded();
    click(desk, 20, 70);
    expect(label(desk, nose)).toEqual({ state: 'occluded', x: 20, y: 70 });
  });

  test('is taken back by Escape, however the pointer moves then', async () => {
    const desk = await bench();
    desk.gestures.pointerDown({ x: 430, y: 350, button: 0 });
    desk.gestures.cancel();
    desk.gestures.pointerMove({ x: 438, y: 350 });
    desk.gestures.pointerUp({ x: 438, y: 350 });
    expect(label(desk, eye)).toEqual(missing);
    expect(desk.editor.state.held).toBeUndefined();
  });
});

describe('arrow keys', () => {
  test('move a placed target, as one change', async () => {
    const desk = await bench();
    const { x, y } = desk.faces[0]![nose] as { x: number; y: number };
    desk.editor.select(nose);
    desk.editor.nudge({ x: 1, y: 0 });
    desk.editor.nudge({ x: 5, y: 0 });
    desk.editor.nudge({ x: 0, y: -0.1 });
    const moved = { state: 'visible', x: Math.round(10 * (x + 6)) / 10, y: Math.round(10 * (y - 0.1)) / 10 };
    expect(label(desk, nose)).toEqual(moved);
    await desk.settled();
    expect(desk.stored(1, nose)).toEqual(moved);
    expect(await desk.client.labels.history({ imageId: 1, keypoint: nose })).toHaveLength(2);
  });

  test('move a missing target as a proposal, which is a label only when accepted', async () => {
    const desk = await bench();
    const proposed = desk.editor.state.proposals[eye]!;
    desk.editor.nudge({ x: 1, y: 0 });
    expect(desk.editor.state.held).toMatchObject({
      keypoint: eye,
      by: 'keys',
      x: expect.closeTo(proposed.x + 1, 0) as number,
    });
    expect(label(desk, eye)).toEqual(missing);
    const { x, y } = desk.editor.state.held!;
    desk.editor.accept();
    expect(label(desk, eye)).toEqual({ state: 'visible', x, y });
    await desk.settled();
    expect(desk.editor.state.cells[eye]!.author).toEqual({ kind: 'human', name: 'ana' });
  });

  test('leave in the journal whose proposal was moved, and how far', async () => {
    const desk = await bench();
    const { author } = desk.editor.state.proposals[eye]!;
    desk.editor.nudge({ x: 3, y: 0 });
    desk.editor.nudge({ x: 0, y: 4 });
    desk.editor.accept();
    await desk.settled();
    const [entry] = await desk.client.labels.history({ imageId: 1, keypoint: eye });
    expect(entry!.note).toBe(`proposed by ${authorText(author)}, moved 5.0 px`);
  });

  test('leave a proposal its author’s when it is back where it was', async () => {
    const desk = await bench();
    const { author } = desk.editor.state.proposals[eye]!;
    desk.editor.nudge({ x: 1, y: 0 });
    desk.editor.nudge({ x: -1, y: 0 });
    desk.editor.accept();
    await desk.settled();
    const [entry] = await desk.client.labels.history({ imageId: 1, keypoint: eye });
    expect(entry).toMatchObject({ author, note: null });
  });
});

describe('states', () => {
  test('a placed target becomes occluded where it is, and visible again', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    desk.editor.toggleOccluded();
    expect(label(desk, nose)).toEqual({ ...desk.faces[0]![nose], state: 'occluded' });
    desk.editor.toggleOccluded();
    expect(label(desk, nose)).toEqual(desk.faces[0]![nose]);
  });

  test('without a proposal the next placement is occluded', async () => {
    const desk = await bench();
    while (desk.editor.state.proposals[eye]) desk.editor.reject();
    desk.editor.toggleOccluded();
    click(desk, 60, 40);
    expect(label(desk, eye)).toEqual({ state: 'occluded', x: 60, y: 40 });
    click(desk, 70, 40);
    expect(label(desk, corner)).toMatchObject({ state: 'visible' });
  });

  test('an absent target is done, and the next one follows', async () => {
    const desk = await bench();
    desk.editor.setAbsent();
    expect(label(desk, eye)).toEqual({ state: 'absent' });
    expect(target(desk)).toBe(corner);
  });

  test('a cleared target is missing again and stays the target', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    desk.editor.clear();
    await desk.settled();
    expect(desk.stored(1, nose)).toEqual(missing);
    expect(target(desk)).toBe(nose);
  });
});

describe('the target', () => {
  test('goes through the keypoints in their order, round the end', async () => {
    const desk = await bench();
    desk.editor.select(last);
    desk.editor.selectNext(1);
    expect(target(desk)).toBe(0);
    desk.editor.selectNext(-1);
    expect(target(desk)).toBe(last);
  });

  test('is let go by Escape', async () => {
    const desk = await bench();
    desk.editor.cancel();
    expect(target(desk)).toBeUndefined();
  });
});

describe('the next image', () => {
  test('is the next of the selection, and the one before is the one before', async () => {
    const desk = await bench();
    await desk.editor.nextImage(1);
    await desk.editor.nextImage(1);
    expect(shown(desk)).toBe(3);
    await desk.editor.nextImage(-1);
    expect(shown(desk)).toBe(2);
  });

  test('is said to be none at either end', async () => {
    const desk = await bench({ images: 1 });
    await desk.editor.nextImage(1);
    expect(desk.editor.state.hint?.text).toBe('This is the last image.');
    await desk.editor.nextImage(-1);
    expect(desk.editor.state.hint?.text).toBe('This is the first image.');
  });

  test('is at hand before it is asked for, with the ones behind it', async () => {
    const desk = await bench({ images: 30 });
    const { store } = desk.editor.desk.supply;
    await until(() => [2, 3, 4, 5, 6].every((id) => store.get(id) !== undefined));
  });
});

describe('the next cell', () => {
  test('is the next missing one of the image, then that of the next image that misses any', async () => {
    const desk = await bench({ leaveOut: (image, k) => image % 3 === 0 && (k === eye || k === nose) });
    await desk.editor.nextCell();
    expect([shown(desk), target(desk)]).toEqual([1, nose]);
    await desk.editor.nextCell();
    expect([shown(desk), target(desk)]).toEqual([4, eye]);
  });

  test('is one that was passed over when all behind it are done', async () => {
    const desk = await bench({ images: 3, leaveOut: (_, k) => k === nose });
    for (let i = 0; i < 2; i++) await desk.editor.nextCell();
    expect(shown(desk)).toBe(3);
    click(desk, 40, 50);
    await desk.editor.nextCell();
    expect([shown(desk), target(desk)]).toEqual([1, nose]);
  });

  test('is none when everything is done', async () => {
    const desk = await bench({ images: 2, leaveOut: (image, k) => image === 0 && k === nose });
    click(desk, 40, 50);
    await desk.editor.nextCell();
    expect(desk.editor.state.hint?.text).toBe('nothing is left to do');
    expect(shown(desk)).toBe(1);
  });

  test('does not come while its key is held for a drag', async () => {
    const desk = await bench();
    const { gestures } = desk;
    const before = gestures.viewport;
    gestures.pressNext();
    gestures.pointerDown({ x: 300, y: 300, button: 0 });
    gestures.pointerMove({ x: 310, y: 305 });
    gestures.pointerUp({ x: 310, y: 305 });
    gestures.release();
    expect(gestures.viewport).toEqual({ ...before, x: before.x + 10, y: before.y + 5 });
    expect(target(desk)).toBe(eye);
  });

  test('comes when its key comes up', async () => {
    const desk = await bench();
    desk.gestures.pressNext();
    desk.gestures.release();
    await until(() => target(desk) === corner);
  });
});

describe('loop mode', () => {
  const loop = {
    images: 40,
    loop: eye,
    leaveOut: (image: number, k: number) => k === eye && image % 2 === 0,
  };

  test('goes to the next image without the keypoint after each placement', async () => {
    const desk = await bench(loop);
    for (const id of [1, 3, 5]) {
      expect([shown(desk), target(desk)]).toEqual([id, eye]);
      click(desk, 60, 40);
      await until(() => shown(desk) !== id);
    }
    await desk.settled();
    expect([1, 3, 5].map((id) => desk.stored(id, eye).state)).toEqual(['visible', 'visible', 'visible']);
  });

  test('goes back to what was just placed', async () => {
    const desk = await bench(loop);
    click(desk, 60, 40);
    await until(() => shown(desk) === 3);
    await desk.editor.nextImage(-1);
    expect([shown(desk), target(desk)]).toEqual([1, eye]);
    expect(label(desk, eye)).toMatchObject({ x: 60, y: 40 });
  });

  test('passes over images that somebody else has filled meanwhile', async () => {
    const desk = await bench(loop);
    const after = { state: 'visible' as const, x: 1, y: 1 };
    const others = pageOf(desk.service, 'ben');
    await others.labels.apply({ changes: [{ imageId: 3, keypoint: eye, before: missing, after }] });
    desk.editor.desk.hear(
      {
        type: 'labels',
        user: 'ben',
        client: 'ben',
        cells: [{ imageId: 3, keypoint: eye, label: after, author: null }],
        more: false,
      },
      false,
    );
    click(desk, 60, 40);
    await until(() => shown(desk) !== 1);
    expect(shown(desk)).toBe(5);
  });
});

describe('undo', () => {
  test('takes back the latest change and goes to where it was', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    await desk.editor.nextImage(1);
    await desk.editor.undo('all');
    expect([shown(desk), target(desk)]).toEqual([1, eye]);
    expect(label(desk, eye)).toEqual(missing);
    expect(desk.stored(1, eye)).toEqual(missing);
  });

  test('of the image leaves other images alone', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    await desk.editor.nextImage(1);
    click(desk, 61, 41);
    await desk.editor.nextImage(-1);
    await desk.editor.undo('image');
    expect(desk.stored(1, eye)).toEqual(missing);
    expect(desk.stored(2, eye)).toMatchObject({ x: 61 });
  });

  test('is made undone by redo', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    await desk.editor.undo('all');
    await desk.editor.redo('all');
    expect(label(desk, eye)).toEqual({ state: 'visible', x: 60, y: 40 });
  });

  test('reaches back over a restart', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    click(desk, 72, 40);
    await desk.settled();
    const later = editorOf(pageOf(desk.service, 'ana'));
    await later.desk.open({ selection: {}, loop: undefined }, 5);
    await later.undo('all');
    await later.undo('all');
    expect(desk.stored(1, eye)).toEqual(missing);
    expect(desk.stored(1, corner)).toEqual(missing);
  });

  test('says so when there is nothing to undo', async () => {
    const desk = await bench();
    await desk.editor.undo('all');
    expect(desk.editor.state.hint?.text).toBe('There is nothing to undo.');
  });

  test('keeps what somebody else has changed since, and says so', async () => {
    const desk = await bench();
    click(desk, 60, 40);
    await desk.settled();
    const before = desk.stored(1, eye);
    const after = { state: 'visible' as const, x: 1, y: 1 };
    await pageOf(desk.service, 'ben').labels.apply({
      changes: [{ imageId: 1, keypoint: eye, before, after }],
    });
    await desk.editor.undo('all');
    expect(desk.stored(1, eye)).toEqual(after);
    expect(desk.editor.state.hint?.text).toContain('1 cell that somebody else has changed since stays');
  });
});

describe('history', () => {
  test('a point goes back to any earlier state, as a change of its own', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    click(desk, 20, 70);
    click(desk, 30, 70);
    await desk.settled();
    const [, moved, imported] = await desk.client.labels.history({ imageId: 1, keypoint: nose });
    desk.editor.revert(imported!);
    await desk.settled();
    expect(desk.stored(1, nose)).toEqual(desk.faces[0]![nose]);
    expect(desk.editor.state.cells[nose]!.author).toEqual({ kind: 'import', name: '1' });
    desk.editor.revert(moved!);
    await desk.settled();
    expect(desk.stored(1, nose)).toMatchObject({ x: 20, y: 70 });
  });

  test('of another image than the one shown leads to nothing', async () => {
    const desk = await bench();
    const [ofSecond] = await desk.client.labels.history({ imageId: 2, keypoint: nose });
    desk.editor.revert(ofSecond!);
    await desk.settled();
    expect(desk.stored(1, nose)).toEqual(desk.faces[0]![nose]);
  });
});

/** The page hears what Ben has made of a keypoint of image 1. */
function hearBen({ editor }: Bench, k: number, label: Label) {
  const author = { kind: 'human', name: 'ben' } as const;
  const cells = [{ imageId: 1, keypoint: k, label, author }];
  editor.desk.hear({ type: 'labels', user: 'ben', client: 'ben', cells, more: false }, false);
  return { author };
}

describe('others', () => {
  test('are seen as they change a label of the image shown', async () => {
    const desk = await bench();
    const moved = { state: 'visible' as const, x: 10, y: 12 };
    const { author } = hearBen(desk, nose, moved);
    expect(desk.editor.state.cells[nose]).toEqual({ label: moved, author, saved: true });
  });

  test('are asked for when there were too many changes to tell', async () => {
    const desk = await bench();
    const moved = { state: 'visible' as const, x: 10, y: 12 };
    await pageOf(desk.service, 'ben').labels.apply({
      changes: [{ imageId: 1, keypoint: nose, before: desk.stored(1, nose), after: moved }],
    });
    desk.editor.desk.hear({ type: 'labels', user: 'ben', client: 'ben', cells: [], more: true }, false);
    await until(() => label(desk, nose).state === 'visible' && (label(desk, nose) as { x: number }).x === 10);
  });

  test.each([
    ['an arrow', (editor: Editor) => editor.nudge({ x: 1, y: 0 })],
    ['absent', (editor: Editor) => editor.setAbsent()],
    ['occluded', (editor: Editor) => editor.toggleOccluded()],
    ['clear', (editor: Editor) => editor.clear()],
  ])('who fill the target are not overwritten by %s before the person is told', async (_, press) => {
    const desk = await bench();
    const theirs = { state: 'visible' as const, x: 10, y: 12 };
    await pageOf(desk.service, 'ben').labels.apply({
      changes: [{ imageId: 1, keypoint: eye, before: missing, after: theirs }],
    });
    hearBen(desk, eye, theirs);
    press(desk.editor);
    expect(label(desk, eye)).toEqual(theirs);
    expect(desk.editor.state.hint!.text).toBe('ben has just placed it; press again to change it');
    press(desk.editor);
    expect(label(desk, eye)).not.toEqual(theirs);
  });

  test('who fill the target end the proposal that the person was moving', async () => {
    const desk = await bench();
    desk.editor.nudge({ x: 1, y: 0 });
    const theirs = { state: 'visible' as const, x: 10, y: 12 };
    hearBen(desk, eye, theirs);
    expect(desk.editor.state.held).toBeUndefined();
    desk.editor.nudge({ x: 1, y: 0 });
    expect(label(desk, eye)).toEqual(theirs);
  });

  test('who fill the very point that the person is about to place are not overwritten unasked', async () => {
    const desk = await bench();
    const theirs = { state: 'visible' as const, x: 10, y: 12 };
    await pageOf(desk.service, 'ben').labels.apply({
      changes: [{ imageId: 1, keypoint: eye, before: missing, after: theirs }],
    });
    hearBen(desk, eye, theirs);
    click(desk, 60, 40);
    expect(label(desk, eye)).toEqual(theirs);
    expect(desk.editor.state.hint!.text).toBe('ben has just placed it; another click moves it');
    click(desk, 60, 40);
    expect(label(desk, eye)).toEqual({ state: 'visible', x: 60, y: 40 });
  });

  test('who move a point, or say that it is absent, while the person drags it are not overwritten unasked', async () => {
    const desk = await bench();
    const own = label(desk, nose) as Point;
    const press = toScreen(desk.gestures.viewport, own);
    const to = toScreen(desk.gestures.viewport, { x: own.x + 5, y: own.y });
    const drag = (meanwhile: () => void) => {
      desk.gestures.pointerDown({ ...press, button: 0 });
      desk.gestures.pointerMove(to);
      meanwhile();
      desk.gestures.pointerUp(to);
    };
    drag(() => hearBen(desk, nose, { state: 'absent' }));
    expect(label(desk, nose)).toEqual({ state: 'absent' });
    expect(desk.editor.state.unsaved).toBe(0);
    expect(desk.editor.state.hint!.text).toBe('ben has just changed it; drag it again to move it');
  });

  test('who were quicker are not overwritten: the person is asked', async () => {
    const desk = await bench();
    const theirs = { state: 'visible' as const, x: 10, y: 12 };
    await pageOf(desk.service, 'ben').labels.apply({
      changes: [{ imageId: 1, keypoint: eye, before: missing, after: theirs }],
    });
    click(desk, 60, 40);
    await desk.settled();
    expect(desk.stored(1, eye)).toEqual(theirs);
    expect(label(desk, eye)).toEqual(theirs);
    expect(desk.editor.state.conflicts).toHaveLength(1);
  });
});

describe('counts', () => {
  test('follow what is labelled', async () => {
    const desk = await bench({ images: 10 });
    await until(() => desk.editor.state.counts !== undefined);
    expect(desk.editor.state.counts).toMatchObject({ cells: 150, remaining: 20, today: 0 });
    click(desk, 60, 40);
    await desk.settled();
    expect(desk.editor.state.counts).toMatchObject({ remaining: 19, today: 1 });
    expect(desk.editor.state.counts!.missing[eye]).toBe(9);
  });

  test('are of the images selected, also where another one is changed', async () => {
    const filter = { text: '3' };
    const desk = await bench({ images: 10 });
    await desk.editor.desk.open({ selection: { filter }, loop: undefined });
    await until(() => desk.editor.state.counts !== undefined);
    const { remaining } = desk.editor.state.counts!;
    await desk.editor.goTo(5);
    click(desk, 60, 40);
    await desk.settled();
    expect(desk.stored(5, eye).state).toBe('visible');
    expect(desk.editor.state.counts!.remaining).toBe(remaining);
    await until(() => desk.editor.state.counts!.today === 1); // the person's, whatever is selected
    expect(desk.editor.state.counts).toEqual(await desk.client.queue.counts({ filter }));
  });

  test('are those that the service gives anew', async () => {
    const desk = await bench({ images: 10 });
    click(desk, 60, 40);
    click(desk, 70, 40);
    await desk.settled();
    expect(desk.editor.state.counts).toEqual(await desk.client.queue.counts({ filter: {} }));
  });
});

test('a page that is opened anew shows what was stored', async () => {
  const desk = await bench();
  click(desk, 60, 40);
  await desk.settled();
  await desk.service.close();
  const again = editorOf(pageOf(open({ directory: desk.service.holder.directory, faces: [] }), 'ana'));
  await again.desk.open({ selection: {}, loop: undefined }, 1);
  expect(again.state.cells[eye]!.label).toEqual({ state: 'visible', x: 60, y: 40 });
});

describe('proposals', () => {
  test('are there for what is missing, and are no labels', async () => {
    const desk = await bench();
    expect(desk.editor.state.proposals[eye]!.author.kind).toMatch(/^(shape|mirror)$/);
    expect(desk.stored(1, eye)).toEqual(missing);
  });

  test('follow the points as they are placed', async () => {
    const desk = await bench();
    const before = desk.editor.state.proposals[corner]!;
    click(desk, 50, 40);
    expect(desk.editor.state.proposals[corner]!.x).toBeLessThan(before.x - 1);
  });

  test('become labels with one key, due to who proposed them, and the next one is the target', async () => {
    const desk = await bench();
    const { author, ...place } = desk.editor.state.proposals[eye]!;
    desk.editor.accept();
    expect(target(desk)).toBe(corner);
    await desk.settled();
    expect(desk.stored(1, eye)).toEqual({
      state: 'visible',
      x: Math.round(10 * place.x) / 10,
      y: Math.round(10 * place.y) / 10,
    });
    const [entry] = await desk.client.labels.history({ imageId: 1, keypoint: eye });
    expect(entry).toMatchObject({ actor: { kind: 'human', name: 'ana' }, author });
  });

  test('are accepted all at once as one change, and the next image comes', async () => {
    const desk = await bench();
    desk.editor.acceptAll();
    await until(() => shown(desk) === 2);
    await desk.settled();
    expect(desk.stored(1, eye).state).toBe('visible');
    expect(desk.stored(1, corner).state).toBe('visible');
    await desk.editor.undo('all');
    expect([desk.stored(1, eye), desk.stored(1, corner)]).toEqual([missing, missing]);
  });

  test('are accepted all at once where they have been moved to', async () => {
    const desk = await bench();
    desk.editor.edit();
    desk.editor.nudge({ x: 5, y: -3 });
    const { x, y } = desk.editor.state.held!;
    desk.editor.acceptAll();
    await until(() => shown(desk) === 2);
    await desk.settled();
    expect(desk.stored(1, eye)).toEqual({ state: 'visible', x, y });
    const [entry] = await desk.client.labels.history({ imageId: 1, keypoint: eye });
    expect(entry!.author).toEqual({ kind: 'human', name: 'ana' });
    expect(entry!.note).toMatch(/^left eye center proposed by .+, moved 5\.8 px$/);
  });

  test('are not accepted, and nothing is placed, before the picture can be seen', async () => {
    let isThere = false;
    const desk = await bench({ isSeen: () => isThere });
    desk.editor.accept();
    desk.editor.acceptAll();
    click(desk, 60, 40);
    await desk.settled();
    expect(desk.stored(1, eye)).toEqual(missing);
    expect(desk.editor.state.hint!.text).toBe('the picture is not there yet');
    isThere = true;
    click(desk, 60, 40);
    await desk.settled();
    expect(desk.stored(1, eye)).toMatchObject({ x: 60, y: 40 });
  });

  test('are taken up to be moved, and stay the proposer’s as long as nobody has moved them', async () => {
    const desk = await bench();
    const { author } = desk.editor.state.proposals[eye]!;
    desk.editor.edit();
    expect(label(desk, eye)).toEqual(missing);
    desk.editor.accept();
    await desk.settled();
    expect(desk.editor.state.cells[eye]!.author).toEqual(author);
  });

  test('make room for the next best one when they are rejected', async () => {
    const desk = await bench();
    const best = desk.editor.state.proposals[eye]!;
    desk.editor.reject();
    const next = desk.editor.state.proposals[eye]!;
    expect(next.author).not.toEqual(best.author);
    expect(next.expectedError).toBeGreaterThan(best.expectedError);
    expect(label(desk, eye)).toEqual(missing);
  });

  test('come back by undo when they were rejected, before any label does', async () => {
    const desk = await bench();
    const { editor } = desk;
    editor.accept();
    const best = editor.state.proposals[corner]!;
    editor.reject();
    await editor.undo('all');
    expect(editor.state.proposals[corner]).toEqual(best);
    expect(target(desk)).toBe(corner);
    expect(label(desk, eye)).toMatchObject({ state: 'visible' });
    await editor.undo('all');
    expect(label(desk, eye)).toEqual(missing);
  });

  test('accepted as occluded are guesses', async () => {
    const desk = await bench();
    desk.editor.toggleOccluded();
    expect(label(desk, eye)).toMatchObject({ state: 'occluded' });
    expect(target(desk)).toBe(corner);
  });

  test('of loop mode go on to the next image', async () => {
    const desk = await bench({ loop: eye });
    desk.editor.accept();
    await until(() => shown(desk) === 2);
    expect(target(desk)).toBe(eye);
  });
});

describe('a near duplicate', () => {
  const pairs = {
    alike: true,
    leaveOut: (image: number, k: number) => image % 2 === 1 && (k === eye || k === nose),
  };

  test('gives what is missing here, as one change that says where it is from', async () => {
    const desk = await bench(pairs);
    await desk.editor.nextImage(1);
    await desk.editor.copyFromDuplicate();
    await desk.settled();
    for (const k of [eye, nose]) {
      expect(desk.stored(2, k)).toEqual(desk.faces[0]![k]);
      expect(desk.editor.state.cells[k]!.author).toEqual({ kind: 'copy', name: '1' });
    }
    await desk.editor.undo('all');
    expect([desk.stored(2, eye), desk.stored(2, nose)]).toEqual([missing, missing]);
  });

  test('does not replace what is there', async () => {
    const desk = await bench(pairs);
    await desk.editor.nextImage(1);
    click(desk, 60, 40);
    await desk.editor.copyFromDuplicate();
    expect(label(desk, eye)).toMatchObject({ x: 60, y: 40 });
    expect(label(desk, corner)).toEqual(desk.faces[1]![corner]);
  });

  test('is missed where there is none', async () => {
    const desk = await bench();
    await desk.editor.copyFromDuplicate();
    expect(desk.editor.state.hint?.text).toBe('no near duplicate');
  });
});

describe('warnings', () => {
  test('come with the label that they are about, and go with it', async () => {
    const desk = await bench();
    desk.editor.select(nose);
    click(desk, 3, 3);
    expect(desk.editor.state.warnings).toMatchObject([{ kind: 'outside', keypoints: [nose] }]);
    await desk.editor.undo('all');
    expect(desk.editor.state.warnings).toEqual([]);
  });
});
