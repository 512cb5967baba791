/** The native menu: the page's commands, and what belongs to the shell alone. */
import type { MenuItemConstructorOptions } from 'electron';
import { basename } from 'node:path';
import type { MenuCommand } from '../contract/desktop.ts';
import { accelerator } from './accelerator.ts';

export interface MenuActions {
  run(commandId: string): void;
  open(directory: string): void;
}

type Item = MenuItemConstructorOptions;

/** Where menus stand that every app has. */
const first = ['File', 'Edit', 'View'];
const last = ['Window', 'Help'];

const separator: Item = { type: 'separator' };

/** @param recent workspaces, the latest first */
export function menuTemplate(
  commands: readonly MenuCommand[],
  recent: readonly string[],
  actions: MenuActions,
  onMac = process.platform === 'darwin',
): Item[] {
  const own = shellItems(recent, actions, onMac);
  const between = commands.map(({ menu }) => menu).filter((menu) => !last.includes(menu));
  const titles = [...new Set([...first, ...between, ...last])];
  const menus = titles.map((title): Item => {
    const ofPage = commands.filter(({ menu }) => menu === title).map((command) => pageItem(command, actions));
    const ofShell = own[title] ?? [];
    return {
      label: title,
      submenu: [...ofPage, ...(ofPage.length && ofShell.length ? [separator] : []), ...ofShell],
    };
  });
  return onMac ? [{ role: 'appMenu' }, ...menus] : menus;
}

/** The page listens to the keyboard itself; the menu only shows the shortcut. */
function pageItem({ id, title, shortcut, enabled = true, checked }: MenuCommand, actions: MenuActions): Item {
  const shown = shortcut === undefined ? undefined : accelerator(shortcut);
  return {
    id,
    label: title.replaceAll('&', '&&'),
    enabled,
    ...(checked === undefined ? {} : { type: 'checkbox', checked }),
    ...(shown === undefined ? {} : { accelerator: shown, registerAccelerator: false }),
    click: () => actions.run(id),
  };
}

function shellItems(recent: readonly string[], actions: MenuActions, onMac: boolean): Record<string, Item[]> {
  return {
    File: [
      {
        label: 'Recent Workspaces',
        enabled: recent.length > 0,
        submenu: recent.map((directory) => ({
          label: `${basename(directory)}  ${directory}`.replaceAll('&', '&&'),
          click: () => actions.open(directory),
        })),
      },
      separator,
      { role: 'close' },
      ...(onMac ? [] : ([{ role: 'quit' }] satisfies Item[])),
    ],
    Edit: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    View: [
      { role: 'reload' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
    Window: [{ role: 'minimize' }],
  };
}
