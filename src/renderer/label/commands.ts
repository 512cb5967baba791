/** What the keyboard, the palette and the menus can do on the label screen. */
import type { Command } from '../frame/commands.svelte.ts';
import { nudges, type Editor } from './editor.ts';
import type { Gestures } from './gestures.ts';

/** What only the screen can do. */
export interface ScreenActions {
  readonly toggleMarkers: () => void;
  readonly toggleNames: () => void;
  readonly toggleSmooth: () => void;
  readonly toggleMagnifier: () => void;
  readonly toggleEqualise: () => void;
  readonly toggleLoop: () => void;
  readonly showCheckpoints: () => void;
  readonly showErrors: () => void;
}

/** Held down, they go on. */
const repeating = new Set([
  'next-image',
  'previous-image',
  'next-keypoint',
  'previous-keypoint',
  'zoom-in',
  'zoom-out',
]);

/** A Mac's keyboard has no Delete where others have one. */
const clearKeys = ['Delete', 'Backspace'];

/** @param enabled whether the screen has the keyboard, and no dialog over it */
export function labelCommands(
  editor: Editor,
  gestures: Gestures,
  screen: ScreenActions,
  enabled: () => boolean,
): Command[] {
  const group = 'Label';
  const command = (id: string, title: string, keys: readonly string[], run: () => unknown): Command => ({
    id: `label.${id}`,
    title,
    group,
    keys,
    run: () => (id === 'next-cell' || id === 'cancel' ? void run() : gestures.afterNext(() => void run())),
    once: !repeating.has(id),
    enabled,
  });
  return [
    command('next-cell', 'Next cell that needs work', ['Space'], () => gestures.pressNext()),
    command('first-cell', 'First cell of the queue', ['Home'], () => editor.firstCell()),
    command('next-image', 'Next image', ['d'], () => editor.nextImage(1)),
    command('previous-image', 'Previous image', ['a'], () => editor.nextImage(-1)),
    command('next-keypoint', 'Next keypoint', ['s'], () => editor.selectNext(1)),
    command('previous-keypoint', 'Previous keypoint', ['w'], () => editor.selectNext(-1)),
    command('accept', 'Accept proposal', ['Enter'], () => editor.accept()),
    command('accept-all', 'Accept all proposals and go on', ['$mod+Enter'], () => editor.acceptAll()),
    command('edit', 'Edit proposal', ['e'], () => editor.edit()),
    command('reject', 'Reject proposal', ['r'], () => editor.reject()),
    command('occluded', 'Occluded, or visible again', ['q'], () => editor.toggleOccluded()),
    command('absent', 'Absent', ['x'], () => editor.setAbsent()),
    command('clear', 'Clear', clearKeys, () => editor.clear()),
    command('copy', 'Copy from near duplicate', ['c'], () => editor.copyFromDuplicate()),
    command('undo', 'Undo', ['$mod+z'], () => editor.undo('all')),
    command('redo', 'Redo', ['$mod+Shift+z', '$mod+y'], () => editor.redo('all')),
    command('undo-image', 'Undo in this image', ['$mod+Alt+z'], () => editor.undo('image')),
    command('redo-image', 'Redo in this image', ['$mod+Alt+Shift+z'], () => editor.redo('image')),
    command('cancel', 'Cancel', ['Escape'], () => gestures.cancel()),
    command('fit', 'Fit', ['0'], () => gestures.fit()),
    command('zoom-in', 'Zoom in', ['+', '=', 'Shift++'], () => gestures.zoom(1.5)),
    command('zoom-out', 'Zoom out', ['-'], () => gestures.zoom(1 / 1.5)),
    command('markers', 'Hide or show markers', ['h'], screen.toggleMarkers),
    command('names', 'Names of points', ['n'], screen.toggleNames),
    command('smooth', 'Smooth or crisp pixels', ['p'], screen.toggleSmooth),
    command('magnifier', 'Magnifier', ['m'], screen.toggleMagnifier),
    command('equalise', 'Equalise', ['g'], screen.toggleEqualise),
    command('loop', 'Loop over one keypoint, or image by image', ['l'], screen.toggleLoop),
    command('checkpoint', 'Checkpoints: save, restore', ['$mod+s'], screen.showCheckpoints),
    command('errors', 'Human error', [], screen.showErrors),
    ...nudging(editor, command),
    ...Array.from({ length: 9 }, (_, keypoint) =>
      command(`keypoint-${keypoint + 1}`, `Keypoint ${keypoint + 1}`, [String(keypoint + 1)], () =>
        editor.select(keypoint),
      ),
    ),
  ];
}

function nudging(
  editor: Editor,
  command: (id: string, title: string, keys: readonly string[], run: () => void) => Command,
): Command[] {
  const ways = { left: { x: -1, y: 0 }, right: { x: 1, y: 0 }, up: { x: 0, y: -1 }, down: { x: 0, y: 1 } };
  return Object.entries(ways).flatMap(([way, { x, y }]) => {
    const arrow = `Arrow${way[0]!.toUpperCase()}${way.slice(1)}`;
    const by = (pixels: number) => () => editor.nudge({ x: x * pixels, y: y * pixels });
    return [
      command(way, `Move ${way}`, [arrow], by(nudges.usual)),
      command(`${way}-far`, `Move ${way} by 5 px`, [`Shift+${arrow}`], by(nudges.far)),
      command(`${way}-near`, `Move ${way} by 0.1 px`, [`Alt+${arrow}`], by(nudges.near)),
    ].map((one) => ({ ...one, once: false }));
  });
}
