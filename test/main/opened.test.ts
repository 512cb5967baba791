import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startedWith } from '../../src/main/arguments.ts';
import { whatIs } from '../../src/main/opened.ts';
import { ShellState } from '../../src/main/shell-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'fiducial-shell-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what was opened', () => {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'fiducial.sqlite'), '');

  test('a folder with a database is a workspace, and so is the database', () => {
    expect(whatIs(workspace)).toEqual({ kind: 'workspace', directory: workspace });
    expect(whatIs(join(workspace, 'fiducial.sqlite'))).toEqual({ kind: 'workspace', directory: workspace });
  });

  test('any other file or folder is to be imported', () => {
    const archive = join(folder, 'faces.zip');
    writeFileSync(archive, '');
    expect(whatIs(archive)).toEqual({ kind: 'import', path: archive });
    expect(whatIs(folder)).toEqual({ kind: 'import', path: folder });
  });

  test('what is not there is said to be so', () => {
    expect(() => whatIs('/none')).toThrow('There is no file or folder /none.');
  });
});

describe('what the app was started with', () => {
  test('a workspace by its option, paths to open, relative to where it was started', () => {
    const given = startedWith(['--workspace', 'work', 'faces.zip', '/else/where'], '/home/ann');
    expect(given).toEqual({ workspace: '/home/ann/work', paths: ['/home/ann/faces.zip', '/else/where'] });
    expect(startedWith(['--workspace=/work'], '/')).toEqual({ workspace: '/work', paths: [] });
  });

  test('Chromium’s own options are none of ours', () => {
    expect(startedWith(['--no-sandbox', '--inspect=0'], '/')).toEqual({ paths: [] });
  });
});

describe('what the shell remembers', () => {
  const file = join(folder, 'state', 'shell.json');

  test('the window and the workspaces, the latest first, each once, not for ever', () => {
    const state = new ShellState(file);
    state.rememberWindow({ x: 1, y: 2, width: 1200, height: 800 }, true);
    for (let i = 0; i < 12; i++) state.rememberWorkspace(`/faces/${i}`);
    state.rememberWorkspace('/faces/9');
    const again = new ShellState(file);
    expect(again.window).toEqual({ bounds: { x: 1, y: 2, width: 1200, height: 800 }, maximized: true });
    expect(again.workspaces).toHaveLength(10);
    expect(again.workspaces.slice(0, 3)).toEqual(['/faces/9', '/faces/11', '/faces/10']);
  });

  test.each(['', '[]', 'null', '{"bounds": {"x": "left"}, "workspaces": "none"}'])(
    'a file that holds %j is as good as a first start',
    (content) => {
      writeFileSync(file, content);
      const state = new ShellState(file);
      expect(state.window).toEqual({ bounds: undefined, maximized: false });
      expect(state.workspaces).toEqual([]);
    },
  );
});
