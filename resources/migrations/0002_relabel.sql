-- Made by drizzle-kit from src/workspace/tables.ts, then finished by hand: STRICT, triggers.

CREATE TABLE relabel (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  at integer NOT NULL,
  person_id integer NOT NULL,
  image_id integer NOT NULL,
  keypoint integer NOT NULL,
  x real NOT NULL,
  y real NOT NULL,
  label_x real NOT NULL,
  label_y real NOT NULL,
  label_author integer,
  FOREIGN KEY (person_id) REFERENCES author (id),
  FOREIGN KEY (image_id) REFERENCES image (id),
  FOREIGN KEY (label_author) REFERENCES author (id)
) STRICT;
CREATE INDEX relabel_by_person ON relabel (person_id);

-- An answer is given once.
CREATE TRIGGER relabel_is_never_updated BEFORE UPDATE ON relabel BEGIN SELECT RAISE(ABORT, 'Answers are never changed.'); END;
CREATE TRIGGER relabel_is_never_deleted BEFORE DELETE ON relabel BEGIN SELECT RAISE(ABORT, 'Answers are never changed.'); END;
