-- Made by drizzle-kit from src/workspace/tables.ts, then finished by hand: STRICT.

CREATE TABLE relabel_withdrawal (
  relabel_id integer PRIMARY KEY NOT NULL,
  at integer NOT NULL,
  FOREIGN KEY (relabel_id) REFERENCES relabel (id)
) STRICT;
