/** Pictures, each stored once however often it is imported. */
import { hash } from 'node:crypto';
import type { Look } from '../domain/perceptual-hash.ts';
import { lookOf } from '../domain/perceptual-hash.ts';
import type { Database } from './database.ts';
import { groupNewImages } from './duplicates.ts';

/** A picture to be stored. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Gray, [height, width], 0 black. */
  readonly pixels: Uint8Array;
}

/** What a picture is known by. */
export interface Fingerprint extends Look {
  /** Of the pixels, hexadecimal. */
  readonly sha256: string;
}

/** Half of what adding a picture costs, which can be done ahead of the transaction. */
export function fingerprint({ width, height, pixels }: Picture): Fingerprint {
  return { sha256: hash('sha256', pixels), ...lookOf(pixels, width, height) };
}

export interface Image {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Of the pixels, hexadecimal. */
  readonly sha256: string;
  /** The smallest image id among its near duplicates; its own where it has none. */
  readonly duplicateGroup: number;
}

interface StoredImage extends Omit<Image, 'sha256'> {
  sha256: Buffer;
}

const columns = 'id, width, height, sha256, duplicate_group AS duplicateGroup';

export class ImageStore {
  readonly #database: Database;
  readonly #find;
  readonly #add;
  readonly #addPixels;
  readonly #get;
  readonly #pixels;
  readonly #hasDuplicates;

  constructor(database: Database) {
    const { sql } = database;
    this.#database = database;
    this.#find = sql.prepare('SELECT id FROM image WHERE sha256 = ? AND width = ? AND height = ?').pluck();
    this.#add = sql.prepare(
      'INSERT INTO image (sha256, width, height, hash_high, hash_low) VALUES (?, ?, ?, ?, ?)',
    );
    this.#addPixels = sql.prepare('INSERT INTO pixels VALUES (?, ?)');
    this.#get = sql.prepare(`SELECT ${columns} FROM image WHERE id = ?`);
    this.#pixels = sql.prepare('SELECT gray FROM pixels WHERE image_id = ?').pluck();
    this.#hasDuplicates = sql
      .prepare('SELECT EXISTS (SELECT 1 FROM image WHERE duplicate_group = ? AND id <> ?)')
      .pluck();
    database.beforeCommit(() => {
      groupNewImages(database);
    });
  }

  /** Stores a picture, unless the same pixels are there already. Many are added faster within one transaction. */
  add(picture: Picture, print: Fingerprint = fingerprint(picture)): { id: number; added: boolean } {
    const { width, height, pixels } = picture;
    if (pixels.length !== width * height)
      throw new Error(`${pixels.length} pixels for a picture of ${width} x ${height}.`);
    return this.#database.within(() => {
      const sha256 = Buffer.from(print.sha256, 'hex');
      const known = this.#find.get(sha256, width, height) as number | undefined;
      if (known !== undefined) return { id: known, added: false };
      const { lastInsertRowid } = this.#add.run(sha256, width, height, print.hash.high, print.hash.low);
      const id = Number(lastInsertRowid);
      this.#addPixels.run(id, pixels);
      return { id, added: true };
    });
  }

  /**
   * Puts what the transaction under way has added into groups of near duplicates. That happens when it commits, too,
   * but is quicker here, with the thumbnails that are at hand.
   * @param thumbnails normalised, by image id
   */
  groupAdded(thumbnails: ReadonlyMap<number, Float32Array>): void {
    groupNewImages(this.#database, thumbnails);
  }

  get(id: number): Image | undefined {
    const stored = this.#get.get(id) as StoredImage | undefined;
    return stored && { ...stored, sha256: stored.sha256.toString('hex') };
  }

  /** Gray, [height, width]. @throws Error when there is no such image. */
  pixels(id: number): Uint8Array {
    const gray = this.#pixels.get(id) as Buffer | undefined;
    if (!gray) throw new Error(`There is no image ${id}.`);
    return gray;
  }

  /** Every image's id, in the order in which they were added. */
  ids(): number[] {
    return this.#database.sql.prepare('SELECT id FROM image ORDER BY id').pluck().all() as number[];
  }

  /** A part of the ids, in the order in which they were added. */
  page(offset: number, limit: number, { reversed = false } = {}): number[] {
    return this.#database.sql
      .prepare(`SELECT id FROM image ORDER BY id ${reversed ? 'DESC' : 'ASC'} LIMIT ? OFFSET ?`)
      .pluck()
      .all(limit, offset) as number[];
  }

  /** How many images were added before this one. */
  countBefore(id: number): number {
    return this.#database.sql.prepare('SELECT count(*) FROM image WHERE id < ?').pluck().get(id) as number;
  }

  /** The id of the image added last; 0 where there is none. */
  lastId(): number {
    return this.#database.sql.prepare('SELECT coalesce(max(id), 0) FROM image').pluck().get() as number;
  }

  /** Every image, in the order in which they were added. */
  all(): (readonly [id: number, width: number, height: number, duplicateGroup: number])[] {
    return this.#database.sql
      .prepare('SELECT id, width, height, duplicate_group FROM image ORDER BY id')
      .raw()
      .all() as [number, number, number, number][];
  }

  /** Whether the image has near duplicates. */
  hasDuplicates({ id, duplicateGroup }: Pick<Image, 'id' | 'duplicateGroup'>): boolean {
    return this.#hasDuplicates.get(duplicateGroup, id) === 1;
  }

  /** The image and its near duplicates, in the order in which they were added. */
  duplicatesOf(id: number): number[] {
    return this.#database.sql
      .prepare(
        'SELECT id FROM image WHERE duplicate_group = (SELECT duplicate_group FROM image WHERE id = ?) ORDER BY id',
      )
      .pluck()
      .all(id) as number[];
  }

  count(): number {
    return this.#database.sql.prepare('SELECT count(*) FROM image').pluck().get() as number;
  }

  /** Images with their pixels, one in memory at a time; all of them unless ids are given. */
  *iterate(ids: Iterable<number> = this.ids()): Generator<Image & Picture> {
    for (const id of ids) {
      const image = this.get(id);
      if (!image) throw new Error(`There is no image ${id}.`);
      yield { ...image, pixels: this.pixels(id) };
    }
  }

  /** Ids of images that are near duplicates of each other, group by group; images on their own are in none. */
  duplicateGroups(): number[][] {
    groupNewImages(this.#database); // Those that the transaction under way has added.
    const rows = this.#database.sql
      .prepare(
        `SELECT duplicate_group AS "group", id FROM image WHERE duplicate_group IN
         (SELECT duplicate_group FROM image GROUP BY duplicate_group HAVING count(*) > 1) ORDER BY 1, 2`,
      )
      .all() as { group: number; id: number }[];
    const groups = Map.groupBy(rows, ({ group }) => group);
    return [...groups.values()].map((group) => group.map(({ id }) => id));
  }
}
