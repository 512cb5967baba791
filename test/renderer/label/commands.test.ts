import { expect, test } from 'vitest';
import { labelCommands } from '../../../src/renderer/label/commands.ts';
import { Gestures } from '../../../src/renderer/label/gestures.ts';
import type { Client } from '../../../src/service/service.ts';
import { keypoint } from '../../fixtures/faces.ts';
import type { Bench } from './bench.ts';
import { bench, editorOf, until } from './bench.ts';

const nothing = () => undefined;
const screen = {
  toggleMarkers: nothing,
  toggleNames: nothing,
  toggleSmooth: nothing,
  toggleMagnifier: nothing,
  toggleEqualise: nothing,
  toggleLoop: nothing,
  showCheckpoints: nothing,
  showErrors: nothing,
};
const commandsOf = ({ editor, gestures }: Pick<Bench, 'editor' | 'gestures'>) =>
  labelCommands(editor, gestures, screen, () => true);

/** Runs what the key does. */
function press(desk: Bench, key: string): void {
  commandsOf(desk)
    .find(({ keys }) => keys.includes(key))!
    .run();
}

test.each([
  ['d', 'next-image'],
  ['a', 'previous-image'],
  ['s', 'next-keypoint'],
  ['w', 'previous-keypoint'],
  ['ArrowLeft', 'left'],
  ['Shift+ArrowUp', 'up-far'],
  ['Alt+ArrowRight', 'right-near'],
  ['q', 'occluded'],
  ['x', 'absent'],
  ['Delete', 'clear'],
  ['Backspace', 'clear'],
  ['Enter', 'accept'],
  ['$mod+Enter', 'accept-all'],
  ['Space', 'next-cell'],
  ['$mod+z', 'undo'],
  ['$mod+Shift+z', 'redo'],
  ['$mod+y', 'redo'],
  ['0', 'fit'],
  ['h', 'markers'],
  ['1', 'keypoint-1'],
  ['9', 'keypoint-9'],
  ['Escape', 'cancel'],
  ['$mod+s', 'checkpoint'],
])('%s is the key of %s', (key, id) => {
  const editor = editorOf({} as Client); // no key is pressed
  const commands = commandsOf({ editor, gestures: new Gestures(editor, nothing) });
  const found = commands.filter(({ keys }) => keys.includes(key));
  expect(found.map((command) => command.id)).toEqual([`label.${id}`]);
});

test('an arrow moves the target by a pixel, with Shift by five, with Alt by a tenth', async () => {
  const desk = await bench({ images: 1 });
  const nose = keypoint('nose_tip');
  const place = () => desk.editor.state.cells[nose]!.label as { x: number; y: number };
  desk.editor.select(nose);
  const { x, y } = place();
  for (const key of ['ArrowRight', 'Shift+ArrowRight', 'Alt+ArrowLeft', 'ArrowUp']) press(desk, key);
  expect(place().x).toBeCloseTo(x + 5.9, 6);
  expect(place().y).toBeCloseTo(y - 1, 6);
});

test('a row of keys fills a column: accept, accept, take back', async () => {
  const eye = keypoint('left_eye_center');
  const desk = await bench({ loop: eye });
  press(desk, 'Enter');
  await until(() => desk.editor.state.image?.id === 2);
  press(desk, 'Enter');
  await until(() => desk.editor.state.image?.id === 3);
  press(desk, '$mod+z');
  await until(() => desk.editor.state.image?.id === 2);
  expect(desk.stored(1, eye).state).toBe('visible');
  expect(desk.stored(2, eye).state).toBe('missing');
});

test('the next key pressed before the one of "next cell" is up is about the next cell', async () => {
  const eye = keypoint('left_eye_center');
  const desk = await bench({ loop: eye });
  press(desk, 'Space');
  press(desk, 'Enter');
  desk.gestures.release();
  await until(() => desk.editor.state.image?.id === 3);
  await desk.settled();
  expect(desk.stored(1, eye).state).toBe('missing');
  expect(desk.stored(2, eye).state).toBe('visible');
});
