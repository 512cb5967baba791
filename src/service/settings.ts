/** People's own settings: one JSON file each in the program's folder for configuration, written whole or not at all. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from '../domain/problem.ts';
import { configFolder } from './folders.ts';

type Values = Record<string, unknown>;

/** @throws InputProblem when somebody has made the file something else than settings */
export function readSettings(user: string): Values {
  const file = fileOf(user);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Values;
  } catch (error) {
    throw new InputProblem('These settings cannot be read.', {
      file,
      found: (error as Error).message,
      hint: 'Mend the file or remove it.',
    });
  }
}

/** @param value undefined to go back to what holds without a choice; @throws InputProblem as readSettings */
export function changeSetting(user: string, key: string, value: unknown): void {
  const values = { ...readSettings(user), [key]: value };
  const file = fileOf(user);
  mkdirSync(join(configFolder(), 'settings'), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(values, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Names of people may hold what names of files must not. */
function fileOf(user: string): string {
  return join(configFolder(), 'settings', `${encodeURIComponent(user).replaceAll('.', '%2E')}.json`);
}
