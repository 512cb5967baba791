/** Workspaces that were opened, in a JSON file in the program's folder for configuration; the latest first. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFolder } from './folders.ts';

interface Opened {
  readonly directory: string;
  readonly openedAt: string;
}

const mostRemembered = 20;

export function noteOpened(directory: string): void {
  const others = readOpened().filter((other) => other.directory !== directory);
  const opened: Opened = { directory, openedAt: new Date().toISOString() };
  const file = fileOf();
  mkdirSync(configFolder(), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify([opened, ...others].slice(0, mostRemembered), null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** With whether they are still there. */
export function recentWorkspaces(): (Opened & { exists: boolean })[] {
  return readOpened().map((opened) => ({
    ...opened,
    exists: existsSync(join(opened.directory, 'fiducial.sqlite')),
  }));
}

/** A file that cannot be read is no more than a list that is lost. */
function readOpened(): Opened[] {
  try {
    return JSON.parse(readFileSync(fileOf(), 'utf8')) as Opened[];
  } catch {
    return [];
  }
}

const fileOf = () => join(configFolder(), 'workspaces.json');
