/** The tables that were imported and their rows as they stood there, whatever became of the labels since. */
import { asc, eq } from 'drizzle-orm';
import type { Points } from '../domain/points.ts';
import { toBlob, toFloats } from './bytes.ts';
import type { Database } from './database.ts';
import { source, sourceRow } from './tables.ts';

export type SourceKind = 'training' | 'test' | 'lookup';

export interface Source {
  readonly id: number;
  readonly importId: number;
  readonly kind: SourceKind;
  readonly fileName: string;
}

export interface SourceRow {
  /** As a person sees it: the header is row 1. */
  readonly row: number;
  readonly imageId: number;
  /** The table's own name for the image (ImageId of a test table). */
  readonly imageKey?: string;
  /** The person or scene, where a column names it. */
  readonly group?: string;
  /** [keypoints, 2], NaN where the row has no value; not there for a table without coordinates. */
  readonly points?: Points;
}

type StoredRow = typeof sourceRow.$inferSelect;

export class SourceStore {
  readonly #database: Database;
  readonly #addRow;

  constructor(database: Database) {
    this.#database = database;
    this.#addRow = database.sql.prepare('INSERT INTO source_row VALUES (?, ?, ?, ?, ?, ?)');
  }

  /** @returns the source's id. */
  add(values: Omit<Source, 'id'>): number {
    return this.#database.query.insert(source).values(values).returning().get().id;
  }

  addRow(sourceId: number, { row, imageId, imageKey, group, points }: SourceRow): void {
    this.#addRow.run(sourceId, row, imageId, imageKey ?? null, group ?? null, points ? toBlob(points) : null);
  }

  /** In the order of import. */
  list(): Source[] {
    return this.#database.query.select().from(source).orderBy(asc(source.id)).all();
  }

  /** The rows of one source, in order. */
  rows(sourceId: number): SourceRow[] {
    const { query } = this.#database;
    return query
      .select()
      .from(sourceRow)
      .where(eq(sourceRow.sourceId, sourceId))
      .orderBy(asc(sourceRow.row))
      .all()
      .map(fromStored);
  }

  /** Every row that holds the image, in the order of import. */
  rowsOf(imageId: number): (SourceRow & { readonly sourceId: number })[] {
    const { query } = this.#database;
    return query
      .select()
      .from(sourceRow)
      .where(eq(sourceRow.imageId, imageId))
      .orderBy(asc(sourceRow.sourceId), asc(sourceRow.row))
      .all()
      .map((stored) => ({ ...fromStored(stored), sourceId: stored.sourceId }));
  }

  /** Every image that stands in a table of that kind. */
  imageIds(kind: SourceKind): Set<number> {
    const ids = this.#database.sql
      .prepare('SELECT DISTINCT image_id FROM source_row JOIN source ON source.id = source_id WHERE kind = ?')
      .pluck()
      .all(kind) as number[];
    return new Set(ids);
  }

  /** Image ids by their names in the test tables; a later import of a name replaces an earlier one. */
  imagesByKey(): Map<string, number> {
    const rows = this.#database.query
      .select({ key: sourceRow.imageKey, imageId: sourceRow.imageId })
      .from(sourceRow)
      .innerJoin(source, eq(source.id, sourceRow.sourceId))
      .where(eq(source.kind, 'test'))
      .orderBy(asc(source.id), asc(sourceRow.row))
      .all();
    return new Map(rows.flatMap(({ key, imageId }) => (key === null ? [] : [[key, imageId]])));
  }
}

function fromStored({ row, imageId, imageKey, group, points }: StoredRow): SourceRow {
  return {
    row,
    imageId,
    ...(imageKey === null ? {} : { imageKey }),
    ...(group === null ? {} : { group }),
    ...(points === null ? {} : { points: toFloats(points) }),
  };
}
