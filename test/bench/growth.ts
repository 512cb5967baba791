/** How costs grow from 3,000 to 30,000 images. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeSampleArchive } from '../../src/workspace/sample/sample.ts';
import { figure, type Figure, spread } from './figures.ts';

const costs = ['import', 'snapshot', 'epoch', 'evaluation'] as const;
type Measured = Record<'images' | (typeof costs)[number], number>;

/** Drawn faces, nine in ten of them labelled; made once, in .bench/, at about 4 ms a face. */
export async function facesArchive(images: number): Promise<string> {
  const folder = resolve(import.meta.dirname, '../../.bench');
  const [training, test] = [0.9 * images, 0.1 * images];
  const archive = join(folder, `sample-${training}-${test}.zip`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(archive)) {
    console.error(`Drawing ${images} faces ...`);
    await writeSampleArchive(archive, { training, test });
  }
  return archive;
}

export async function growth(rounds: number): Promise<{ figures: Figure[]; details: object }> {
  const [small, large] = [await facesArchive(3000), await facesArchive(30_000)];
  const once = (archive: string) =>
    JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, 'grow-once.ts'), archive], {
        encoding: 'utf8',
      }),
    ) as Measured;
  const pairs = Array.from({ length: rounds }, () => [once(small), once(large)] as const);
  const figures = costs.map((cost) =>
    figure(
      `${cost}: seconds an image at 30,000 images / at 3,000`,
      { atMost: 1.15 },
      pairs.map(([few, many]) => many[cost] / many.images / (few[cost] / few.images)),
    ),
  );
  const seconds = (which: 0 | 1) =>
    Object.fromEntries(costs.map((cost) => [cost, spread(pairs.map((pair) => pair[which][cost]))]));
  return { figures, details: { at3000: seconds(0), at30000: seconds(1) } };
}
