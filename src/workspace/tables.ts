/**
 * The tables of a workspace's database, as drizzle sees them: `npm run migration` makes the next migration from here.
 * What drizzle cannot say (STRICT, WITHOUT ROWID, the triggers that keep the journal append-only) stands in the
 * migrations, which are what really makes the tables.
 */
import { sql } from 'drizzle-orm';
import {
  blob,
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  unique,
} from 'drizzle-orm/sqlite-core';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';

const instant = (name: string) => integer(name, { mode: 'timestamp_ms' }).notNull();

/** What a workspace knows of itself: its keypoint schema. */
export const setting = sqliteTable('setting', {
  key: text().primaryKey(),
  value: text({ mode: 'json' }).notNull(),
});

/** Pictures are apart, in `pixels`, so that a scan of this table stays quick. */
export const image = sqliteTable(
  'image',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Of the gray pixels, row by row. */
    sha256: blob({ mode: 'buffer' }).notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    /** dHash 64 as two unsigned 32-bit integers. */
    hashHigh: integer('hash_high').notNull(),
    hashLow: integer('hash_low').notNull(),
    /** The smallest image id among its near duplicates, its own where it has none; null until compared. */
    duplicateGroup: integer('duplicate_group'),
  },
  (table) => [
    unique().on(table.sha256, table.width, table.height),
    index('image_by_duplicate_group').on(table.duplicateGroup),
  ],
);

export const pixels = sqliteTable('pixels', {
  imageId: integer('image_id')
    .primaryKey()
    .references(() => image.id),
  /** width x height bytes, 0 black. */
  gray: blob({ mode: 'buffer' }).notNull(),
});

export const importRecord = sqliteTable('import', {
  id: integer().primaryKey({ autoIncrement: true }),
  createdAt: instant('created_at'),
  /** The file or folder as the person named it. */
  path: text().notNull(),
  /** Null until the import has ended. */
  report: text({ mode: 'json' }),
});

/** One imported table. */
export const source = sqliteTable('source', {
  id: integer().primaryKey({ autoIncrement: true }),
  importId: integer('import_id')
    .notNull()
    .references(() => importRecord.id),
  kind: text({ enum: ['training', 'test', 'lookup'] }).notNull(),
  fileName: text('file_name').notNull(),
});

/** One row of an imported table, as it stood there. Two rows may hold the same image. */
export const sourceRow = sqliteTable(
  'source_row',
  {
    sourceId: integer('source_id')
      .notNull()
      .references(() => source.id),
    /** As a person sees it: the header is row 1. */
    row: integer().notNull(),
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    /** The table's own name for the image (ImageId of a test table). */
    imageKey: text('image_key'),
    /** The person or scene, where a column names it. */
    group: text('group'),
    /** Float32 [keypoints, 2], NaN where the row has no value; null for a table without coordinates. */
    points: blob({ mode: 'buffer' }),
  },
  (table) => [
    primaryKey({ columns: [table.sourceId, table.row] }),
    index('source_row_by_image').on(table.imageId),
  ],
);

/** Who or what a change, or the place of a label, is due to. */
export const author = sqliteTable(
  'author',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    kind: text({ enum: ['human', 'import', 'mirror', 'model-run', 'shape', 'copy'] }).notNull(),
    /** The person; the import's or run's number; the keypoint mirrored; the image copied from. */
    name: text().notNull(),
  },
  (table) => [unique().on(table.kind, table.name)],
);

/**
 * The current labels: what the journal adds up to, its last entry for every cell. A cell that nobody ever touched has
 * no row; one that was cleared has, so that it is known who cleared it.
 */
export const label = sqliteTable(
  'label',
  {
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    keypoint: integer().notNull(),
    /** Position in labelStates: 0 missing, 1 visible, 2 occluded, 3 absent. */
    state: integer().notNull(),
    /** Pixels; null when missing or absent. */
    x: real(),
    y: real(),
    /** Null where an undo made the cell as it was before anybody touched it. */
    authorId: integer('author_id').references(() => author.id),
  },
  (table) => [
    primaryKey({ columns: [table.imageId, table.keypoint] }),
    check(
      'label_state',
      sql`state BETWEEN 0 AND 3 AND (state IN (1, 2)) = (x IS NOT NULL) AND (x IS NULL) = (y IS NULL)`,
    ),
  ],
);

/** One act upon labels: an edit, or the undoing of a change, or the undoing of an undoing (a redo). Append-only. */
export const change = sqliteTable(
  'change',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: instant('at'),
    actorId: integer('actor_id')
      .notNull()
      .references(() => author.id),
    kind: text({ enum: ['edit', 'undo', 'redo'] }).notNull(),
    /** The change that this one takes back; a change is taken back at most once. */
    undoes: integer()
      .unique()
      .references((): AnySQLiteColumn => change.id),
    note: text(),
  },
  (table) => [
    index('change_by_actor').on(table.actorId, table.kind),
    check('change_undoes', sql`(kind = 'edit') = (undoes IS NULL)`),
  ],
);

/** What a change did to one cell. Append-only. Authors are null where the cell had never been labelled. */
export const entry = sqliteTable(
  'entry',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    changeId: integer('change_id')
      .notNull()
      .references(() => change.id),
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    keypoint: integer().notNull(),
    /** Position in labelStates, 0 missing. */
    beforeState: integer('before_state').notNull(),
    beforeX: real('before_x'),
    beforeY: real('before_y'),
    beforeAuthor: integer('before_author').references(() => author.id),
    afterState: integer('after_state').notNull(),
    afterX: real('after_x'),
    afterY: real('after_y'),
    afterAuthor: integer('after_author').references(() => author.id),
  },
  (table) => [
    index('entry_by_cell').on(table.imageId, table.keypoint),
    index('entry_by_change').on(table.changeId),
  ],
);

/** A labelled cell that was shown to a person without its point: where they put it, and what the label was. Append-only. */
export const relabel = sqliteTable(
  'relabel',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: instant('at'),
    personId: integer('person_id')
      .notNull()
      .references(() => author.id),
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    keypoint: integer().notNull(),
    x: real().notNull(),
    y: real().notNull(),
    labelX: real('label_x').notNull(),
    labelY: real('label_y').notNull(),
    labelAuthor: integer('label_author').references(() => author.id),
  },
  (table) => [index('relabel_by_person').on(table.personId)],
);

/** An answer that its person has taken back: it counts for nothing, and is not asked again. Append-only. */
export const relabelWithdrawal = sqliteTable('relabel_withdrawal', {
  relabelId: integer('relabel_id')
    .primaryKey()
    .references(() => relabel.id),
  at: instant('at'),
});

/** A label that somebody has looked at, because it seemed wrong, and found right: at this place it is not suspected again. */
export const verdict = sqliteTable(
  'verdict',
  {
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    keypoint: integer().notNull(),
    at: instant('at'),
    personId: integer('person_id')
      .notNull()
      .references(() => author.id),
    /** Of the label that was looked at, in pixels. */
    x: real().notNull(),
    y: real().notNull(),
  },
  (table) => [primaryKey({ columns: [table.imageId, table.keypoint] })],
);

export const snapshot = sqliteTable('snapshot', {
  /** SHA-256 of the labels, hexadecimal. */
  id: text().primaryKey(),
  name: text(),
  createdAt: instant('created_at'),
  /** The last journal entry that the snapshot includes; 0 for none. */
  position: integer().notNull(),
  /** How many cells are labelled. */
  labels: integer().notNull(),
});

/** Runs are numbered 1, 2, 3, ...; a number is never given twice. */
export const run = sqliteTable('run', {
  id: integer().primaryKey({ autoIncrement: true }),
  createdAt: instant('created_at'),
  finishedAt: integer('finished_at', { mode: 'timestamp_ms' }),
  status: text({ enum: ['queued', 'running', 'stopped', 'finished', 'failed'] }).notNull(),
  engine: text().notNull(),
  preset: text().notNull(),
  seed: integer().notNull(),
  snapshotId: text('snapshot_id')
    .notNull()
    .references(() => snapshot.id),
  config: text({ mode: 'json' }).notNull(),
  /** Versions of code and engine, machine. */
  lineage: text({ mode: 'json' }).notNull(),
  metrics: text({ mode: 'json' }),
  error: text(),
  /** What a person says of it: short words, in their order. */
  tags: text({ mode: 'json' })
    .notNull()
    .default(sql`'[]'`),
  note: text().notNull().default(''),
  /** Null unless it was put aside. */
  archivedAt: integer('archived_at', { mode: 'timestamp_ms' }),
});

export const prediction = sqliteTable(
  'prediction',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => run.id),
    imageId: integer('image_id')
      .notNull()
      .references(() => image.id),
    /** Float32 [keypoints, 2]. */
    points: blob({ mode: 'buffer' }).notNull(),
    /** Float32 [keypoints]: how far apart the passes are that it averages, in pixels; null where it is not known. */
    spread: blob({ mode: 'buffer' }),
  },
  (table) => [primaryKey({ columns: [table.runId, table.imageId] })],
);

/** What a submission must answer, in order of position (IdLookupTable). */
export const lookupRow = sqliteTable('lookup_row', {
  position: integer().primaryKey(),
  rowId: integer('row_id').notNull().unique(),
  imageKey: text('image_key').notNull(),
  keypoint: integer().notNull(),
  axis: text({ enum: ['x', 'y'] }).notNull(),
});

/** Submissions that were written. */
export const submission = sqliteTable('submission', {
  id: integer().primaryKey({ autoIncrement: true }),
  createdAt: instant('created_at'),
  runId: integer('run_id')
    .notNull()
    .references(() => run.id),
  snapshotId: text('snapshot_id')
    .notNull()
    .references(() => snapshot.id),
  path: text().notNull(),
  /** Of the file, hexadecimal. */
  sha256: text().notNull(),
  rows: integer().notNull(),
  /** How many values were clipped to the picture. */
  clipped: integer().notNull(),
  /** What the competition gave it, as a person typed it in. */
  score: real(),
});
