import { expect, test } from 'vitest';
import { accelerator } from '../../src/main/accelerator.ts';

test.each([
  ['$mod+k', 'CommandOrControl+K'],
  ['$mod+Shift+z', 'CommandOrControl+Shift+Z'],
  ['d', 'D'],
  ['Alt+ArrowLeft', 'Alt+Left'],
  ['Escape', 'Esc'],
  ['Space', 'Space'],
  ['$mod+,', 'CommandOrControl+,'],
  ['Shift+?', '?'],
  ['+', 'Plus'],
  ['$mod++', 'CommandOrControl+Plus'],
  ['$mod+KeyB', 'CommandOrControl+B'],
  ['F2', 'F2'],
])('the page’s %s is shown as %s', (shortcut, shown) => {
  expect(accelerator(shortcut)).toBe(shown);
});

test.each(['g d', 'Hyper+k', 'MediaPlay', ''])('%j has no form that a menu could show', (shortcut) => {
  expect(accelerator(shortcut)).toBeUndefined();
});
