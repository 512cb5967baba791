/** In the desktop app the native menus show the page's commands, and a choice there runs them here. */
import { commands } from './commands.svelte.ts';

export function useDesktopMenu(): void {
  const { desktop } = window;
  if (!desktop) return;
  desktop.onCommand((id) => commands.all.findLast((command) => command.id === id)?.run());
  $effect(() => {
    desktop.setCommands(
      commands.all.map((command) => {
        const [shortcut] = commands.keysOf(command);
        const { id, title, group: menu } = command;
        return {
          id,
          title,
          menu,
          enabled: command.enabled?.() ?? true,
          ...(shortcut === undefined ? {} : { shortcut }),
        };
      }),
    );
  });
}
