import type { MenuItemConstructorOptions } from 'electron';
import { expect, test, vi } from 'vitest';
import { menuTemplate } from '../../src/main/menu.ts';

const actions = () => ({ run: vi.fn(), open: vi.fn() });
const commands = [
  { id: 'dataset', title: 'Dataset', menu: 'Go', shortcut: '$mod+2' },
  { id: 'undo', title: 'Undo', menu: 'Edit', shortcut: '$mod+z', enabled: false },
  { id: 'shortcuts', title: 'All shortcuts', menu: 'Help' },
  { id: 'names', title: 'Names & numbers', menu: 'View', checked: true },
];

function build({ recent = [] as string[], onMac = false, does = actions() } = {}) {
  const menus = menuTemplate(commands, recent, does, onMac);
  const items = (label: string) =>
    menus.find((menu) => menu.label === label)!.submenu as MenuItemConstructorOptions[];
  return { menus, items, does };
}

test('the page’s commands stand in their menus, before what belongs to the shell', () => {
  const { menus, items } = build();
  expect(menus.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Go', 'Window', 'Help']);
  expect(items('Go').map(({ label }) => label)).toEqual(['Dataset']);
  expect(items('Edit')[0]).toMatchObject({ label: 'Undo', enabled: false });
  expect(
    items('Edit')
      .slice(1)
      .map(({ role, type }) => role ?? type),
  ).toEqual(['separator', 'cut', 'copy', 'paste', 'selectAll']);
});

test('a shortcut is shown and left to the page', () => {
  expect(build().items('Go')[0]).toMatchObject({
    accelerator: 'CommandOrControl+2',
    registerAccelerator: false,
  });
});

test('a command that is on or off has its mark, and an ampersand is no access key', () => {
  expect(build().items('View')[0]).toMatchObject({
    type: 'checkbox',
    checked: true,
    label: 'Names && numbers',
  });
});

test('choosing a command or a recent workspace does it', () => {
  const { items, does } = build({ recent: ['/faces/one'] });
  (items('Go')[0]!.click as () => void)();
  expect(does.run).toHaveBeenCalledWith('dataset');
  const recent = items('File')[0]!.submenu as MenuItemConstructorOptions[];
  expect(recent[0]!.label).toContain('/faces/one');
  (recent[0]!.click as () => void)();
  expect(does.open).toHaveBeenCalledWith('/faces/one');
});

test('on a Mac the app’s own menu comes first and holds what closes it', () => {
  const { menus, items } = build({ onMac: true });
  expect(menus[0]).toEqual({ role: 'appMenu' });
  expect(items('File').map(({ role }) => role)).not.toContain('quit');
});
