/** fiducial predict RUN IMAGE... --out FILE.csv|FILE.json */
import { renameSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageProblem } from '../failure.ts';
import { counted } from '../format.ts';
import type { Session } from '../session.ts';

export async function predict(
  session: Session,
  run: number | 'latest',
  images: string[],
  { out }: { out: string },
) {
  const format = extname(out).toLowerCase();
  if (format !== '.csv' && format !== '.json')
    throw new UsageProblem(`--out ${out}: expected a name that ends in .csv or .json.`);
  session.terminal.note(`Finding keypoints in ${counted(images.length, 'picture')}`);
  const client = await session.client();
  const found = await client.predict({ run, images }, { signal: session.interrupt });
  const { keypoints } = found;
  if (format === '.json') write(out, `${JSON.stringify(found, null, 2)}\n`);
  else {
    const header = [
      ...['file', 'width', 'height'],
      ...keypoints.flatMap((name) => [`${name}_x`, `${name}_y`, `${name}_within`]),
    ];
    const rows = found.images.map(({ file, width, height, points }) => [
      quoted(file),
      width,
      height,
      ...points.flatMap(({ x, y, within }) => [x.toFixed(2), y.toFixed(2), within?.toFixed(2) ?? '']),
    ]);
    write(out, [header, ...rows].map((row) => `${row.join(',')}\n`).join(''));
  }
  session.terminal.print(
    `Wrote ${out}: ${counted(keypoints.length, 'keypoint')} in ${counted(images.length, 'picture')} by run ${found.runId}.`,
  );
  return { ...found, written: { predictions: out } };
}

/** A field of a CSV file (RFC 4180). */
const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function write(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}
