import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Workspace } from '../../src/workspace/workspace.ts';
import { addPicture, openScratch } from './scratch.ts';

const labeller = new URL('./label-until-killed.ts', import.meta.url).pathname;

/** Labels in another process until that is killed. @returns the number of the last edit that it acknowledged */
async function labelUntilKilled(directory: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [labeller, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await once(child.stdout, 'data');
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(printed.trim().split('\n').at(-1));
}

test.each([1, 2, 3])('every acknowledged edit outlives kill -9 (%i)', async () => {
  const prepared = openScratch();
  addPicture(prepared, 1);
  prepared.close();
  const acknowledged = await labelUntilKilled(prepared.directory, Math.random() * 300);
  const workspace = Workspace.open(prepared.directory);
  const entries = workspace.history.entries({ limit: 1e6 });
  const edits = entries.map(({ after }) => ('x' in after ? after.x : NaN)).reverse();
  // One more may have been committed and not yet printed.
  expect([acknowledged, acknowledged + 1]).toContain(edits.length);
  expect(edits).toEqual(edits.map((_, i) => i + 1));
  expect(workspace.journal.rebuildFromJournal()).toEqual([]);
  workspace.close();
});
