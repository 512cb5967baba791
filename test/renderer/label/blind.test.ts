import { describe, expect, test } from 'vitest';
import { missing } from '../../../src/domain/label.ts';
import { keypoint } from '../../fixtures/faces.ts';
import { bench, click, until } from './bench.ts';
import type { Bench } from './bench.ts';

const nose = keypoint('nose_tip');

/** Ana has filled fifty cells, places one more, and goes on: a labelled cell is shown without its point. */
async function shownBlind(): Promise<Bench & { blind: { imageId: number; keypoint: number } }> {
  const desk = await bench({ images: 60, leaveOut: (image, k) => image < 53 && k === nose, loop: nose });
  const { client, editor } = desk;
  const after = { state: 'visible' as const, x: 47, y: 58 };
  const fill = (imageId: number) => ({ imageId, keypoint: nose, before: missing, after });
  await client.labels.apply({ changes: Array.from({ length: 50 }, (_, i) => fill(i + 2)) });
  await editor.desk.refresh();
  click(desk, 47, 58);
  await until(() => editor.state.image?.id === 52);
  await desk.settled();
  while (!editor.state.blind) await editor.nextCell(); // the service is asked beside the work
  return { ...desk, blind: editor.state.blind.cell };
}

describe('a cell that is shown blind', () => {
  test('looks like a missing one and has no proposal', async () => {
    const { editor, blind, stored } = await shownBlind();
    expect(editor.state.image!.id).toBe(blind.imageId);
    expect(editor.state.target).toBe(blind.keypoint);
    expect(editor.state.cells[blind.keypoint]!.label).toEqual(missing);
    expect(editor.state.proposals[blind.keypoint]).toBeUndefined();
    expect(stored(blind.imageId, blind.keypoint).state).toBe('visible');
  });

  test('says after the answer how far it is from the label, which stays as it is', async () => {
    const desk = await shownBlind();
    const { editor, blind, stored } = desk;
    const before = stored(blind.imageId, blind.keypoint) as { x: number; y: number };
    click(desk, before.x + 3, before.y + 4);
    await until(() => editor.state.blind?.answer !== undefined);
    expect(editor.state.blind!.answer!.pixels).toBeCloseTo(5, 0);
    expect(editor.state.blind!.answer!.label).toEqual(before);
    expect(stored(blind.imageId, blind.keypoint)).toEqual(before);
  });

  test('is answered by a click on another point', async () => {
    const desk = await shownBlind();
    const other = desk.editor.state.cells.findIndex(
      ({ label }, k) => 'x' in label && k !== desk.blind.keypoint,
    );
    const { x, y } = desk.stored(desk.blind.imageId, other) as { x: number; y: number };
    click(desk, x, y);
    await until(() => desk.editor.state.blind?.answer !== undefined);
  });

  test('is the only one that is asked for: another keypoint is not chosen', async () => {
    const { editor, blind } = await shownBlind();
    editor.select((blind.keypoint + 1) % 15);
    editor.selectNext(1);
    expect(editor.state.target).toBe(blind.keypoint);
    expect(editor.state.hint!.text).toContain('only a place is asked for here');
  });

  test('is answered once, also by who clicks again before the answer is stored', async () => {
    const desk = await shownBlind();
    desk.editor.place({ x: 30, y: 30 });
    desk.editor.place({ x: 40, y: 40 });
    await until(() => desk.editor.state.blind?.answer !== undefined);
    await desk.settled();
    const { people } = await desk.client.relabel.report();
    expect(people.find(({ user }) => user === 'ana')).toMatchObject({ answers: 1 });
    expect(desk.editor.state.blind!.answer).toMatchObject({ x: 30, y: 30 });
  });

  test('is counted in the report of errors', async () => {
    const desk = await shownBlind();
    click(desk, 30, 30);
    await until(() => desk.editor.state.blind?.answer !== undefined);
    const { people } = await desk.client.relabel.report();
    expect(people.find(({ user }) => user === 'ana')).toMatchObject({ answers: 1 });
  });

  test('is answered by a slip that undo takes back, before it takes back a label', async () => {
    const desk = await shownBlind();
    const { editor, client } = desk;
    const before = await client.queue.counts({ filter: {} });
    click(desk, 5, 5);
    await editor.undo('all');
    expect(editor.state.blind!.answer!.counts).toBe(false);
    expect(await client.queue.counts({ filter: {} })).toEqual(before);
    const { people } = await client.relabel.report();
    expect(people).toEqual([expect.objectContaining({ user: null, answers: 0 })]);
  });

  test('takes no other answer than a place, and says so', async () => {
    const { editor, blind, stored } = await shownBlind();
    for (const act of [
      () => editor.setAbsent(),
      () => editor.acceptAll(),
      () => editor.copyFromDuplicate(),
    ]) {
      editor.desk.say('');
      await act();
      expect(editor.state.hint!.text).toContain('only a place is asked for');
    }
    expect(stored(blind.imageId, blind.keypoint).state).toBe('visible');
  });

  test('is passed over by going on, and does not come again with the next placement', async () => {
    const desk = await shownBlind();
    const { editor } = desk;
    await editor.nextCell();
    expect(editor.state.blind).toBeUndefined();
    expect(editor.state.target).toBe(nose);
    const { id } = editor.state.image!;
    click(desk, 47, 58);
    await until(() => editor.state.image!.id !== id);
    await desk.settled();
    await editor.nextCell();
    expect(editor.state.blind).toBeUndefined();
  });

  test('comes once, however quickly cells are filled', async () => {
    const desk = await bench({ images: 106, leaveOut: (image, k) => image < 100 && k === nose, loop: nose });
    const { client, editor } = desk;
    const after = { state: 'visible' as const, x: 47, y: 58 };
    const changes = Array.from({ length: 50 }, (_, i) => ({
      imageId: i + 51,
      keypoint: nose,
      before: missing,
      after,
    }));
    await client.labels.apply({ changes });
    await editor.desk.refresh();
    while (!editor.state.blind) {
      const { id } = editor.state.image!;
      editor.accept();
      await until(() => editor.state.image!.id !== id);
    }
    await desk.settled();
    click(desk, 30, 30);
    await until(() => editor.state.blind?.answer !== undefined);
    await editor.nextCell();
    expect(editor.state.blind).toBeUndefined();
  });

  test('cannot be changed', async () => {
    const { editor, blind, stored } = await shownBlind();
    const before = stored(blind.imageId, blind.keypoint);
    editor.setAbsent();
    editor.clear();
    editor.toggleOccluded();
    editor.acceptAll();
    await editor.desk.outbox.flush();
    expect(stored(blind.imageId, blind.keypoint)).toEqual(before);
  });
});
