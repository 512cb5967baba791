/** The curves of a run: one JSON line an epoch. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { replaceFile } from './checkpoint.ts';
import type { CurvePoint } from './messages.ts';

export const curvesFile = 'curves.jsonl';

export function appendCurve(file: string, point: CurvePoint): void {
  appendFileSync(file, `${JSON.stringify(point)}\n`);
}

/** The epochs so far; none when there is no file. A last line that a kill cut off is left out. */
export function readCurves(file: string): CurvePoint[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as CurvePoint);
}

/** Drops what was written after the checkpoint that training goes on from. */
export function cutCurves(file: string, lastStep: number): void {
  const kept = readCurves(file).filter(({ step }) => step <= lastStep);
  replaceFile(file, [Buffer.from(kept.map((point) => `${JSON.stringify(point)}\n`).join(''))]);
}
