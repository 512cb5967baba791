/** The current labels: what the journal adds up to. They change only through the journal. */
import type { Label } from '../domain/label.ts';
import { missing } from '../domain/label.ts';
import type { Points } from '../domain/points.ts';
import type { Actor, StoredCell } from './cells.ts';
import { acceptedBy, fromStored } from './cells.ts';
import type { Database } from './database.ts';

/** States in one packed number: two bits each, within what JavaScript's bit operators take. */
const packed = 15;

export class LabelStore {
  readonly #database: Database;
  readonly #keypoints: number;
  readonly #of;
  readonly #points;
  readonly #authors;
  readonly #cells;

  constructor(database: Database, keypoints: number) {
    const { sql } = database;
    this.#database = database;
    this.#keypoints = keypoints;
    this.#of = sql.prepare('SELECT keypoint, state, x, y FROM label WHERE image_id = ?').raw();
    this.#points = sql
      .prepare(
        `SELECT ids.key, keypoint, x, y FROM json_each(?) AS ids JOIN label ON image_id = ids.value WHERE x IS NOT NULL`,
      )
      .raw();
    this.#cells = sql
      .prepare(
        `SELECT image_id, keypoint, state, x, y, author_id, ${acceptedBy('label', '', 'author_id')}
         FROM label WHERE image_id BETWEEN ? AND ?`,
      )
      .raw();
    this.#authors = sql.prepare(
      'SELECT keypoint, kind, name FROM label JOIN author ON author.id = author_id WHERE image_id = ?',
    );
  }

  /** The image's label for every keypoint, in the schema's order. */
  of(imageId: number): Label[] {
    const labels: Label[] = new Array<Label>(this.#keypoints).fill(missing);
    for (const [keypoint, state, x, y] of this.#of.all(imageId) as [number, number, number, number][])
      labels[keypoint] = fromStored(state, x, y);
    return labels;
  }

  /**
   * Who or what each of the image's cells is as it is due to, in the schema's order; undefined where nobody ever said
   * anything. A cell that a person cleared is that person's, though it is missing.
   */
  authorsOf(imageId: number): (Actor | undefined)[] {
    const authors = new Array<Actor | undefined>(this.#keypoints).fill(undefined);
    for (const { keypoint, ...author } of this.#authors.all(imageId) as (Actor & { keypoint: number })[])
      authors[keypoint] = author;
    return authors;
  }

  /** @returns [imageIds, keypoints, 2] in pixels, NaN where the keypoint has no place. */
  points(imageIds: ArrayLike<number>): Points {
    const points = new Float32Array(imageIds.length * this.#keypoints * 2).fill(NaN);
    const rows = this.#points.iterate(JSON.stringify(Array.from(imageIds)));
    for (const [image, keypoint, x, y] of rows as IterableIterator<[number, number, number, number]>) {
      const cell = 2 * (image * this.#keypoints + keypoint);
      points[cell] = x;
      points[cell + 1] = y;
    }
    return points;
  }

  /**
   * The state of every cell of the images, as positions in labelStates. SQLite packs an image's states into numbers, so
   * that a row for each image and not for each cell is read: a sixth of the time.
   * @param imageIds in rising order
   * @returns [imageIds, keypoints]
   */
  states(imageIds: Int32Array): Uint8Array {
    const states = new Uint8Array(imageIds.length * this.#keypoints);
    const groups = Math.ceil(this.#keypoints / packed);
    const sums = Array.from({ length: groups }, (_, g) => {
      const [first, end] = [g * packed, (g + 1) * packed];
      return `sum(iif(keypoint >= ${first} AND keypoint < ${end}, state << 2 * (keypoint - ${first}), 0))`;
    });
    const rows = this.#database.sql
      .prepare(`SELECT image_id, ${sums.join()} FROM label WHERE image_id BETWEEN ? AND ? GROUP BY image_id`)
      .raw()
      .all(imageIds[0] ?? 0, imageIds.at(-1) ?? 0) as number[][];
    let image = 0;
    for (const [imageId, ...sums] of rows) {
      while (imageIds[image]! < imageId!) image++;
      for (let k = 0; k < this.#keypoints; k++)
        states[image * this.#keypoints + k] = (sums[Math.floor(k / packed)]! >>> (2 * (k % packed))) & 3;
    }
    return states;
  }

  /** The number under which `cells` names an author; undefined for whom nothing was ever due to. */
  authorId({ kind, name }: { readonly kind: string; readonly name: string }): number | undefined {
    return this.#database.sql
      .prepare('SELECT id FROM author WHERE kind = ? AND name = ?')
      .pluck()
      .get(kind, name) as number | undefined;
  }

  /** Whom a number stands for. @throws Error when it stands for nobody. */
  author(id: number): Actor {
    const author = this.#database.sql.prepare('SELECT kind, name FROM author WHERE id = ?').get(id);
    if (!author) throw new Error(`There is no author ${id}.`);
    return author as Actor;
  }

  /** Every cell that somebody ever spoke of, of the images from `first` to `last`. */
  cells(first: number, last: number): StoredCell[] {
    return this.#cells.all(first, last) as StoredCell[];
  }
}
