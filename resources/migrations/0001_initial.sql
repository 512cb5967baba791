-- Made by drizzle-kit from src/workspace/tables.ts, then finished by hand: STRICT, WITHOUT ROWID, triggers.

-- "Fidu": what a database of ours is known by.
PRAGMA application_id = 0x46696475;

CREATE TABLE author (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind text NOT NULL,
  name text NOT NULL
) STRICT;
CREATE UNIQUE INDEX author_kind_name_unique ON author (kind, name);

CREATE TABLE change (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  at integer NOT NULL,
  actor_id integer NOT NULL,
  kind text NOT NULL,
  undoes integer,
  note text,
  FOREIGN KEY (actor_id) REFERENCES author (id),
  FOREIGN KEY (undoes) REFERENCES change (id),
  CONSTRAINT change_undoes CHECK ((kind = 'edit') = (undoes IS NULL))
) STRICT;
CREATE UNIQUE INDEX change_undoes_unique ON change (undoes);
CREATE INDEX change_by_actor ON change (actor_id, kind);

CREATE TABLE entry (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  change_id integer NOT NULL,
  image_id integer NOT NULL,
  keypoint integer NOT NULL,
  before_state integer NOT NULL,
  before_x real,
  before_y real,
  before_author integer,
  after_state integer NOT NULL,
  after_x real,
  after_y real,
  after_author integer,
  FOREIGN KEY (change_id) REFERENCES change (id),
  FOREIGN KEY (image_id) REFERENCES image (id),
  FOREIGN KEY (before_author) REFERENCES author (id),
  FOREIGN KEY (after_author) REFERENCES author (id)
) STRICT;
CREATE INDEX entry_by_cell ON entry (image_id, keypoint);
CREATE INDEX entry_by_change ON entry (change_id);

CREATE TABLE image (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  sha256 blob NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  hash_high integer NOT NULL,
  hash_low integer NOT NULL,
  duplicate_group integer
) STRICT;
CREATE INDEX image_by_duplicate_group ON image (duplicate_group);
CREATE UNIQUE INDEX image_sha256_width_height_unique ON image (sha256, width, height);

CREATE TABLE import (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  created_at integer NOT NULL,
  path text NOT NULL,
  report text
) STRICT;

CREATE TABLE label (
  image_id integer NOT NULL,
  keypoint integer NOT NULL,
  state integer NOT NULL,
  x real,
  y real,
  author_id integer,
  PRIMARY KEY (image_id, keypoint),
  FOREIGN KEY (image_id) REFERENCES image (id),
  FOREIGN KEY (author_id) REFERENCES author (id),
  CONSTRAINT label_state CHECK (state BETWEEN 0 AND 3 AND (state IN (1, 2)) = (x IS NOT NULL) AND (x IS NULL) = (y IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE lookup_row (
  position integer PRIMARY KEY NOT NULL,
  row_id integer NOT NULL,
  image_key text NOT NULL,
  keypoint integer NOT NULL,
  axis text NOT NULL
) STRICT;
CREATE UNIQUE INDEX lookup_row_row_id_unique ON lookup_row (row_id);

CREATE TABLE pixels (
  image_id integer PRIMARY KEY NOT NULL,
  gray blob NOT NULL,
  FOREIGN KEY (image_id) REFERENCES image (id)
) STRICT;

CREATE TABLE prediction (
  run_id integer NOT NULL,
  image_id integer NOT NULL,
  points blob NOT NULL,
  PRIMARY KEY (run_id, image_id),
  FOREIGN KEY (run_id) REFERENCES run (id),
  FOREIGN KEY (image_id) REFERENCES image (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  created_at integer NOT NULL,
  finished_at integer,
  status text NOT NULL,
  engine text NOT NULL,
  preset text NOT NULL,
  seed integer NOT NULL,
  snapshot_id text NOT NULL,
  config text NOT NULL,
  lineage text NOT NULL,
  metrics text,
  error text,
  FOREIGN KEY (snapshot_id) REFERENCES snapshot (id)
) STRICT;

CREATE TABLE setting (
  key text PRIMARY KEY NOT NULL,
  value text NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (
  id text PRIMARY KEY NOT NULL,
  name text,
  created_at integer NOT NULL,
  position integer NOT NULL,
  labels integer NOT NULL
) STRICT;

CREATE TABLE source (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  import_id integer NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  FOREIGN KEY (import_id) REFERENCES import (id)
) STRICT;

CREATE TABLE source_row (
  source_id integer NOT NULL,
  row integer NOT NULL,
  image_id integer NOT NULL,
  image_key text,
  "group" text,
  points blob,
  PRIMARY KEY (source_id, row),
  FOREIGN KEY (source_id) REFERENCES source (id),
  FOREIGN KEY (image_id) REFERENCES image (id)
) STRICT;
CREATE INDEX source_row_by_image ON source_row (image_id);

CREATE TABLE submission (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  created_at integer NOT NULL,
  run_id integer NOT NULL,
  snapshot_id text NOT NULL,
  path text NOT NULL,
  sha256 text NOT NULL,
  rows integer NOT NULL,
  clipped integer NOT NULL,
  FOREIGN KEY (run_id) REFERENCES run (id),
  FOREIGN KEY (snapshot_id) REFERENCES snapshot (id)
) STRICT;

-- The journal is append-only.
CREATE TRIGGER change_is_never_updated BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
CREATE TRIGGER change_is_never_deleted BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'The journal is append-only.'); END;
