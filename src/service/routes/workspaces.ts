/** Which workspace the service shows, and people's own settings. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { InputProblem } from '../../domain/problem.ts';
import { writable } from '../caller.ts';
import type { ChangeFeed } from '../changes.ts';
import type { WorkspaceHolder } from '../holder.ts';
import { conflict } from '../problems.ts';
import { procedures } from '../procedures.ts';
import { noteOpened, recentWorkspaces } from '../recent-workspaces.ts';
import { changeSetting, readSettings } from '../settings.ts';

/** @param canOpen whether clients may open another workspace: not where a host has one service for each, or people share it */
export function workspaceRoutes(holder: WorkspaceHolder, feed: ChangeFeed, canOpen: boolean) {
  return {
    recent: procedures.workspaces.recent.handler(() => ({
      current: holder.directory,
      recent: recentWorkspaces(),
      canOpen,
    })),
    open: procedures.workspaces.open.handler(({ context, input }) => {
      if (!canOpen) throw conflict('Another workspace cannot be opened here.');
      const named = writable(context, input.directory);
      const path = named.replace(/^~(?=$|[/\\])/, homedir());
      // Nobody who looks at a page knows which folder the service was started in.
      if (!isAbsolute(path))
        throw new InputProblem('The path does not begin at the root.', {
          file: named,
          expected: `a whole path, such as ${join(homedir(), 'faces')}`,
        });
      const directory = resolve(path);
      const before = holder.opened?.directory;
      holder.change(directory, { create: input.create });
      if (before !== undefined) noteOpened(before);
      noteOpened(directory);
      feed.tell('workspace');
      return { directory };
    }),
  };
}

export const settingRoutes = {
  all: procedures.settings.all.handler(({ context }) => readSettings(context.user)),
  set: procedures.settings.set.handler(({ input, context }) =>
    changeSetting(context.user, input.key, input.value),
  ),
};
