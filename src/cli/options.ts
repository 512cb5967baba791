/** How option values are read; commander puts the option's name in front of these messages. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError } from 'commander';

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

export const port = wholeNumber(0, 65_535);

const secondsOf = { h: 3600, m: 60, s: 1 } as const;

/** "10m", "90s", "1h30m", or seconds as a plain number; in seconds. */
export function timeSpan(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const complete = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  const seconds = complete
    ? parts.reduce(
        (sum, [, amount, unit]) => sum + Number(amount) * secondsOf[unit as keyof typeof secondsOf],
        0,
      )
    : /^\d+(\.\d+)?$/.test(text)
      ? Number(text)
      : NaN;
  if (!(seconds > 0)) throw new InvalidArgumentError('Expected a time such as 10m, 90s or 1h30m.');
  return seconds;
}

/** A run's number or `latest`. */
export function runNumber(text: string): number | 'latest' {
  if (text === 'latest') return text;
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Expected a run number (fiducial runs lists them) or latest.');
  return Number(text);
}

export function score(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Expected a number such as 1.52.');
  return value;
}

/** A file or folder that can be written: found out before long work, not after it. */
export function writablePlace(path: string): string {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`There is no folder ${dirname(path)} that can be written to.`);
  }
  return path;
}

export function writableFile(path: string): string {
  writablePlace(path);
  if (existsSync(path) && statSync(path).isDirectory()) throw new InvalidArgumentError('This is a folder.');
  return path;
}
