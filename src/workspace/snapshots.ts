/** Labels frozen at an instant: a position in the journal, named by a hash of what the labels are there. */
import { createHash } from 'node:crypto';
import type { Points } from '../domain/points.ts';
import type { KeypointSchema } from '../domain/schema.ts';
import type { Database } from './database.ts';

export interface Snapshot {
  /** SHA-256 of the labels, hexadecimal: equal labels, equal id. */
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: Date;
  /** The last journal entry that it includes; 0 for none. */
  readonly position: number;
  /** How many cells are labelled. */
  readonly labels: number;
}

export class SnapshotStore {
  readonly #database: Database;
  readonly #schema: KeypointSchema;

  constructor(database: Database, schema: KeypointSchema) {
    this.#database = database;
    this.#schema = schema;
  }

  /** Freezes the labels as they are. Where they were frozen so before, that snapshot is returned; it gets the name if it has none. */
  take(name?: string): Snapshot {
    const { sql } = this.#database;
    return this.#database.transaction(() => {
      const { id, labels } = this.#content();
      sql
        .prepare(
          `INSERT INTO snapshot SELECT ?, ?, ?, coalesce(max(id), 0), ? FROM entry WHERE true
           ON CONFLICT (id) DO UPDATE SET name = coalesce(name, excluded.name)`,
        )
        .run(id, name ?? null, Date.now(), labels);
      return this.get(id)!;
    });
  }

  get(id: string): Snapshot | undefined {
    return this.#select('WHERE id = ?', id)[0];
  }

  /** The latest first. */
  list(): Snapshot[] {
    return this.#select('ORDER BY created_at DESC, rowid DESC');
  }

  #select(clause: string, ...values: string[]): Snapshot[] {
    const rows = this.#database.sql
      .prepare(`SELECT id, name, created_at AS createdAt, position, labels FROM snapshot ${clause}`)
      .all(...values) as (Omit<Snapshot, 'createdAt'> & { createdAt: number })[];
    return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
  }

  /**
   * Replays the journal up to the snapshot.
   * @returns [imageIds, keypoints, 2] in pixels, NaN where the keypoint had no place then.
   * @throws Error when there is no such snapshot.
   */
  points(id: string, imageIds: ArrayLike<number>): Points {
    const found = this.get(id);
    if (!found) throw new Error(`There is no snapshot ${id}.`);
    const keypoints = this.#schema.keypoints.length;
    const positions = new Map<number, number>();
    for (let i = 0; i < imageIds.length; i++) positions.set(imageIds[i]!, i);
    const points = new Float32Array(imageIds.length * keypoints * 2).fill(NaN);
    const rows = this.#database.sql
      .prepare('SELECT image_id, keypoint, after_x, after_y FROM entry WHERE id <= ? ORDER BY id')
      .raw()
      .iterate(found.position) as IterableIterator<[number, number, number | null, number | null]>;
    for (const [imageId, keypoint, x, y] of rows) {
      const i = positions.get(imageId);
      if (i === undefined) continue;
      const cell = 2 * (i * keypoints + keypoint);
      points[cell] = x ?? NaN;
      points[cell + 1] = y ?? NaN;
    }
    return points;
  }

  /**
   * Hashes the keypoints' names, then every labelled cell in the order of the images' pixel hashes, so that two
   * workspaces with the same labels on the same pictures agree: image SHA-256, width, height, keypoint, state as
   * uint32, x and y as float64 (0 when absent), all little-endian.
   */
  #content(): { id: string; labels: number } {
    const { sql } = this.#database;
    const hash = createHash('sha256').update(JSON.stringify(this.#schema.keypoints));
    const cells = sql
      .prepare(
        `SELECT image.id, keypoint, state, x, y FROM image JOIN label ON image_id = image.id WHERE state > 0
         ORDER BY sha256, width, height, keypoint`,
      )
      .raw()
      .iterate() as IterableIterator<[number, number, number, number | null, number | null]>;
    const imageOf = sql.prepare('SELECT sha256, width, height FROM image WHERE id = ?').raw();
    const image = { id: 0, bytes: Buffer.alloc(40) };
    const records = Buffer.alloc(1024 * 64); // Hashed together: a call for each takes longer than its hash.
    let labels = 0;
    for (const [id, keypoint, state, x, y] of cells) {
      if (id !== image.id) {
        const [sha256, width, height] = imageOf.get(id) as [Buffer, number, number];
        sha256.copy(image.bytes);
        image.bytes.writeUInt32LE(width, 32);
        image.bytes.writeUInt32LE(height, 36);
        image.id = id;
      }
      const at = (labels++ * 64) % records.length;
      image.bytes.copy(records, at);
      records.writeUInt32LE(keypoint, at + 40);
      records.writeUInt32LE(state, at + 44);
      records.writeDoubleLE(x ?? 0, at + 48);
      records.writeDoubleLE(y ?? 0, at + 56);
      if (at + 64 === records.length) hash.update(records);
    }
    hash.update(records.subarray(0, (labels * 64) % records.length));
    return { id: hash.digest('hex'), labels };
  }
}
