/** The tables that were imported and their rows as they stood there, whatever became of the labels since. */
import type { Points } from '../domain/points.ts';
import { toBlob, toFloats } from './columns.ts';
import type { Database } from './database.ts';

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

interface StoredRow {
  readonly source_id: number;
  readonly row: number;
  readonly image_id: number;
  readonly image_key: string | null;
  readonly group: string | null;
  readonly points: Buffer | null;
}

export class SourceStore {
  readonly #database: Database;
  readonly #addRow;

  constructor(database: Database) {
    this.#database = database;
    this.#addRow = database.sql.prepare('INSERT INTO source_row VALUES (?, ?, ?, ?, ?, ?)');
  }

  /** @returns the source's id. */
  add({ importId, kind, fileName }: Omit<Source, 'id'>): number {
    const { lastInsertRowid } = this.#database.sql
      .prepare('INSERT INTO source (import_id, kind, file_name) VALUES (?, ?, ?)')
      .run(importId, kind, fileName);
    return Number(lastInsertRowid);
  }

  addRow(sourceId: number, { row, imageId, imageKey, group, points }: SourceRow): void {
    this.#addRow.run(sourceId, row, imageId, imageKey ?? null, group ?? null, points ? toBlob(points) : null);
  }

  /** In the order of import. */
  list(): Source[] {
    return this.#database.sql
      .prepare('SELECT id, import_id AS importId, kind, file_name AS fileName FROM source ORDER BY id')
      .all() as Source[];
  }

  /** When each table was imported, by its id. */
  importedAt(): Map<number, Date> {
    const rows = this.#database.sql
      .prepare('SELECT source.id, created_at FROM source JOIN import ON import.id = import_id')
      .raw()
      .all() as [number, number][];
    return new Map(rows.map(([id, at]) => [id, new Date(at)]));
  }

  rowCount(sourceId: number): number {
    return this.#database.sql
      .prepare('SELECT count(*) FROM source_row WHERE source_id = ?')
      .pluck()
      .get(sourceId) as number;
  }

  /** The rows of one source, in order. */
  rows(sourceId: number): SourceRow[] {
    const rows = this.#database.sql
      .prepare('SELECT * FROM source_row WHERE source_id = ? ORDER BY row')
      .all(sourceId);
    return (rows as StoredRow[]).map(fromStored);
  }

  /** Every row that holds the image, in the order of import. */
  rowsOf(imageId: number): (SourceRow & { readonly sourceId: number })[] {
    const rows = this.#database.sql
      .prepare('SELECT * FROM source_row WHERE image_id = ? ORDER BY source_id, row')
      .all(imageId) as StoredRow[];
    return rows.map((stored) => ({ ...fromStored(stored), sourceId: stored.source_id }));
  }

  /** Every image that stands in a table of that kind. */
  imageIds(kind: SourceKind): Set<number> {
    const ids = this.#database.sql
      .prepare('SELECT DISTINCT image_id FROM source_row JOIN source ON source.id = source_id WHERE kind = ?')
      .pluck()
      .all(kind) as number[];
    return new Set(ids);
  }

  /** The id of the table added last; 0 where there is none. */
  lastId(): number {
    return this.#database.sql.prepare('SELECT coalesce(max(id), 0) FROM source').pluck().get() as number;
  }

  /** Images of one table, each once. */
  imagesIn(sourceId: number): number[] {
    return this.#database.sql
      .prepare('SELECT DISTINCT image_id FROM source_row WHERE source_id = ?')
      .pluck()
      .all(sourceId) as number[];
  }

  /** Images that stand in more than one row, of whichever tables. */
  imagesInSeveralRows(): number[] {
    return this.#database.sql
      .prepare('SELECT image_id FROM source_row GROUP BY image_id HAVING count(*) > 1')
      .pluck()
      .all() as number[];
  }

  /** Images whose name in a table, group or file holds the text, whatever its case. */
  imagesNamed(text: string): number[] {
    return this.#database.sql
      .prepare(
        `SELECT DISTINCT image_id FROM source_row JOIN source ON source.id = source_id
         WHERE instr(lower(image_key), lower(?)) OR instr(lower("group"), lower(?)) OR instr(lower(file_name), lower(?))`,
      )
      .pluck()
      .all(text, text, text) as number[];
  }

  /** Images that a column names as one person or scene, table by table. */
  namedGroups(): number[][] {
    const rows = this.#database.sql
      .prepare(
        'SELECT source_id AS sourceId, "group", image_id AS imageId FROM source_row WHERE "group" IS NOT NULL ORDER BY row',
      )
      .all() as { sourceId: number; group: string; imageId: number }[];
    const groups = Map.groupBy(rows, ({ sourceId, group }) => `${sourceId} ${group}`);
    return [...groups.values()].map((group) => group.map(({ imageId }) => imageId));
  }

  /** Image ids by their names in the test tables; a later import of a name replaces an earlier one. */
  imagesByKey(): Map<string, number> {
    const rows = this.#database.sql
      .prepare(
        `SELECT image_key, image_id FROM source_row JOIN source ON source.id = source_id
         WHERE kind = 'test' AND image_key IS NOT NULL ORDER BY source_id, row`,
      )
      .raw()
      .all();
    return new Map(rows as [string, number][]);
  }
}

function fromStored({ row, image_id, image_key, group, points }: StoredRow): SourceRow {
  return {
    row,
    imageId: image_id,
    ...(image_key === null ? {} : { imageKey: image_key }),
    ...(group === null ? {} : { group }),
    ...(points === null ? {} : { points: toFloats(points) }),
  };
}
