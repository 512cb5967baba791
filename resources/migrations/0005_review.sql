-- Made by drizzle-kit from src/workspace/tables.ts, then finished by hand: STRICT, WITHOUT ROWID.

CREATE TABLE verdict (
  image_id integer NOT NULL,
  keypoint integer NOT NULL,
  at integer NOT NULL,
  person_id integer NOT NULL,
  x real NOT NULL,
  y real NOT NULL,
  PRIMARY KEY (image_id, keypoint),
  FOREIGN KEY (image_id) REFERENCES image (id),
  FOREIGN KEY (person_id) REFERENCES author (id)
) STRICT, WITHOUT ROWID;

ALTER TABLE prediction ADD COLUMN spread blob;
