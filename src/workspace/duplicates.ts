/**
 * Groups of near duplicates among the images: one scene, at most a moment apart.
 *
 * Two images are near duplicates when their dHashes differ in at most 7 of 64 bits and their 16 x 16 thumbnails
 * correlate by at least 0.93. The hash alone is not enough: among the competition's 4,232 distinct pictures 1,768 pairs
 * are as close as 7 bits, most of them different people posed alike. With the correlation 251 pairs are left, and of
 * the 80 pairs around the limit (0.92 to 0.935) all but two or three show one person in one scene. Near duplicates of
 * near duplicates are in one group; the limit is strict enough for that not to chain (the largest group there has 5).
 */
import { forEachClosePair } from '../domain/close-hashes.ts';
import { correlation, lookOf } from '../domain/perceptual-hash.ts';
import type { Database } from './database.ts';

const leastCorrelation = 0.93;

/**
 * Puts images that are in no group yet into one, comparing them with all images; groups that they join become one.
 * @param thumbnails normalised, by image id, as far as they are known
 */
export function groupNewImages(
  database: Database,
  thumbnails: ReadonlyMap<number, Float32Array> = new Map(),
): void {
  const { sql } = database;
  if (!sql.prepare('SELECT 1 FROM image WHERE duplicate_group IS NULL LIMIT 1').get()) return;
  // New images have the highest ids.
  const rows = sql
    .prepare('SELECT id, hash_high, hash_low, duplicate_group FROM image ORDER BY id')
    .raw()
    .all() as [number, number, number, number | null][];
  const ids = rows.map(([id]) => id);
  const firstNew = rows.findIndex(([, , , group]) => group === null);
  const positions = new Map(ids.map((id, i) => [id, i]));
  const groups = new Forest(rows.map(([, , , group], i) => (group === null ? i : positions.get(group)!)));
  const thumbnailOf = thumbnailReader(database, thumbnails);
  const hashes = {
    high: Uint32Array.from(rows, (row) => row[1]),
    low: Uint32Array.from(rows, (row) => row[2]),
  };
  forEachClosePair(hashes, firstNew, (i, j) => {
    if (groups.root(i) === groups.root(j)) return;
    if (correlation(thumbnailOf(ids[i]!), thumbnailOf(ids[j]!)) >= leastCorrelation) groups.join(i, j);
  });
  sql.exec('UPDATE image SET duplicate_group = id WHERE duplicate_group IS NULL');
  const update = sql.prepare('UPDATE image SET duplicate_group = ? WHERE id = ?');
  for (const [i, [id, , , before]] of rows.entries()) {
    const group = ids[groups.root(i)]!;
    if (group !== (before ?? id)) update.run(group, id);
  }
}

/** Thumbnails by image id; those that are not given are made of the stored pictures, each once. */
function thumbnailReader(
  { sql }: Database,
  given: ReadonlyMap<number, Float32Array>,
): (id: number) => Float32Array {
  const read = sql
    .prepare('SELECT gray, width, height FROM pixels JOIN image ON id = image_id WHERE id = ?')
    .raw();
  const made = new Map<number, Float32Array>();
  return (id) => {
    let thumbnail = given.get(id) ?? made.get(id);
    if (!thumbnail) {
      const [gray, width, height] = read.get(id) as [Buffer, number, number];
      made.set(id, (thumbnail = lookOf(gray, width, height).thumbnail));
    }
    return thumbnail;
  };
}

/** Disjoint sets, each named by its smallest member. */
class Forest {
  readonly #parents: number[];

  constructor(parents: number[]) {
    this.#parents = parents;
  }

  root(member: number): number {
    let root = member;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    this.#parents[member] = root;
    return root;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.root(a), this.root(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}
