/** What a person can do with the app itself; windows and other workspaces are the desktop's. */
import { showLogs } from '../host.ts';
import type { Command } from './commands.svelte.ts';

export function hostCommands(): Command[] {
  const { desktop } = window;
  const logs: Command = { id: 'host.logs', title: 'Show logs', group: 'Help', keys: [], run: showLogs };
  if (!desktop) return [logs];
  return [
    {
      id: 'host.new-window',
      title: 'New window',
      group: 'File',
      keys: ['$mod+Shift+n'],
      run: () => void desktop.newWindow(),
    },
    {
      id: 'host.new-workspace',
      title: 'New workspace…',
      group: 'File',
      keys: [],
      run: () => void desktop.chooseWorkspace('new'),
    },
    {
      id: 'host.open-workspace',
      title: 'Open a workspace…',
      group: 'File',
      keys: ['$mod+o'],
      run: () => void desktop.chooseWorkspace('existing'),
    },
    logs,
    {
      id: 'host.about',
      title: 'About Fiducial',
      group: 'Help',
      keys: [],
      run: () => void desktop.showAbout(),
    },
  ];
}
